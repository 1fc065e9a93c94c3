//! Jobs as JSON: for pages that show what is stored, and for stores that write down what they are asked.

use std::time::Duration;

use jobs_core::{
    Claim, ClaimToken, Decision, Due, ErrorRecord, JobRecord, NewJob, Process, ProcessId, ProcessStatus, Recovery,
    Settlement,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{from_value, json, to_value};

#[test]
fn a_record_is_json_with_readable_names_and_round_trips() {
    let text = "0192f0c1-2b7a-7000-8000-000000000000";
    for process in [i64::MIN, -1, 1, i64::MAX].map(ProcessId::new) {
        let mut record = JobRecord::new(text.parse().expect("it is an id"), "greet", "{}");
        record.claimed_by = Some(process);
        let written = to_value(&record).expect("a record can be written");
        assert_eq!((&written["id"], &written["state"]), (&json!(text), &json!("ready")));
        assert_eq!(written["claimed_by"], json!(process.to_string()));
        assert_eq!(from_value::<JobRecord>(written).expect("it can be read"), record);
    }
}

#[test]
fn a_text_that_is_not_a_process_id_is_refused_by_name() {
    let error = from_value::<ProcessId>(json!("host-1")).expect_err("it is no number");
    assert!(error.to_string().starts_with("`host-1` is not the identity of a process"), "{error}");
}

#[test]
fn what_a_store_is_asked_for_comes_back_from_json_as_it_was() {
    let (job, process) = ("0192f0c1-2b7a-7000-8000-000000000000".parse().expect("it is an id"), ProcessId::new(7));
    let mut new = NewJob::new(job, "greet", "{}");
    new.due = Due::In(Duration::from_micros(1));
    assert_eq!(there_and_back(&new), new);
    let queues = ["*", "mail*", "mail"].map(|words| words.parse().expect("it is a selector")).to_vec();
    let claim = Claim::new(process, queues, usize::MAX);
    assert_eq!(there_and_back(&claim), claim);
    let (wait, error) = (Duration::MAX, ErrorRecord::new("Lost", "it is lost"));
    for decision in [
        Decision::Finish { keep: true },
        Decision::Retry { wait, queue: Some("slow".to_owned()), priority: Some(-1), meta: None, error: error.clone() },
        Decision::Continue { wait, meta: Some("{}".to_owned()) },
        Decision::Fail { meta: None, error: error.clone() },
        Decision::Discard { error: Some(error) },
        Decision::Release,
    ] {
        let settlement = Settlement::new(ClaimToken::new(job, process, 3), decision);
        assert_eq!(there_and_back(&settlement), settlement);
    }
    let mut alive = Process::new(process, "web-1", "host", 1);
    alive.phase = ProcessStatus::Quiet;
    assert_eq!(there_and_back(&alive), alive);
    let recovery = Recovery::new(wait, 3);
    assert_eq!(there_and_back(&recovery), recovery);
}

fn there_and_back<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let text = serde_json::to_string(value).expect("it can be written");
    serde_json::from_str(&text).expect("what was written can be read")
}
