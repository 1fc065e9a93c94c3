//! Jobs as values: their settings, their definition, their arguments.

use std::collections::BTreeMap;
use std::error::Error as _;

use jobs_core::{Context, Definition, Due, Enqueued, Execution, Job, NewJob, Settings, arguments_of};
use serde::{Deserialize, Serialize};

use crate::setup::{ID, Pay, execution};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place(u8, u8);

#[derive(Serialize, Deserialize)]
struct Map {
    places: BTreeMap<Place, u8>,
}

impl Job for Map {
    type Output = ();
    type Error = std::fmt::Error;
    const SETTINGS: Settings = Settings::new("map").queue("maps").priority(4);

    async fn perform(self, _: &Context) -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

const EMPTY: Map = Map { places: BTreeMap::new() };

#[test]
fn without_a_word_the_queue_is_default_and_the_priority_is_zero() {
    let job = Pay { order: 2 };
    assert_eq!((job.queue_name().as_ref(), job.priority()), ("default", 0));
    let new = NewJob::new(ID, "pay", "{}");
    assert_eq!((new.queue.as_str(), new.priority, new.due, new.version), ("default", 0, Due::Now, 1));
    let execution = execution("{}");
    assert_eq!((execution.queue.as_str(), execution.priority, execution.attempt), ("default", 0, 1));
}

#[test]
fn a_job_has_the_queue_and_the_priority_of_its_settings() {
    assert_eq!((EMPTY.queue_name().as_ref(), EMPTY.priority()), ("maps", 4));
}

#[test]
fn arguments_are_written_by_name_and_read_back() {
    let text = arguments_of(&Pay { order: 2 }).unwrap();
    assert_eq!(text, r#"{"order":2}"#);
    assert_eq!(execution(&text).arguments::<Pay>().unwrap(), Pay { order: 2 });
}

#[test]
fn arguments_that_json_cannot_hold_are_refused_with_the_jobs_name() {
    assert!(arguments_of(&EMPTY).is_ok());
    let error = arguments_of(&Map { places: BTreeMap::from([(Place(1, 2), 3)]) }).unwrap_err();
    assert!(error.is_invalid() && error.source().is_some());
    assert_eq!(error.to_string(), "the arguments of `map` cannot be written as JSON: key must be a string");
}

#[test]
fn a_definition_knows_its_name_and_where_it_was_declared() {
    let (definition, line) = (Definition::of::<Map>(), line!());
    assert_eq!((definition.name(), definition.settings().priority), ("map", Some(4)));
    assert_eq!((definition.location().file(), definition.location().line()), (file!(), line));
    assert_eq!(format!("{definition:?}"), format!("Definition(map at {})", definition.location()));
}

#[test]
fn an_answer_has_the_id_of_the_job_that_is_stored() {
    assert_eq!(Enqueued::New(ID).id(), Some(ID));
    assert_eq!(Enqueued::Duplicate { of: ID }.id(), Some(ID));
    assert_eq!(Enqueued::Halted.id(), None);
}

#[test]
fn a_settlement_has_the_right_of_its_execution() {
    let token = execution("{}").token;
    let settled = Execution::new(token, "pay".to_owned(), "{}".to_owned()).settle(jobs_core::Decision::Release);
    assert_eq!((settled.token, settled.decision), (token, jobs_core::Decision::Release));
}
