//! What a job declares, and what it takes from its base.

use std::time::Duration;

use jobs_core::Settings;

const BASE: Settings = Settings::new("Base")
    .aliases(&["Ground"])
    .queue("base")
    .priority(3)
    .timeout(Duration::from_secs(5))
    .log_arguments(false)
    .redact(&["card"])
    .version(9);

#[test]
fn what_is_not_set_is_taken_from_the_base() {
    let job = Settings::new("job").inherit(&BASE);
    assert_eq!((job.queue, job.priority, job.timeout), (BASE.queue, BASE.priority, BASE.timeout));
    assert_eq!((job.log_arguments, job.redact), (Some(false), BASE.redact));
}

#[test]
fn what_is_set_stays() {
    let own =
        Settings::new("job").queue("own").priority(0).timeout(Duration::ZERO).log_arguments(true).redact(&["pin"]);
    assert_eq!(own.inherit(&BASE), own);
}

#[test]
fn name_aliases_and_version_are_never_inherited() {
    let job = Settings::new("job").inherit(&BASE);
    assert_eq!((job.name, job.aliases.len(), job.version), ("job", 0, 1));
}

#[test]
fn a_base_hands_on_what_it_has_from_its_own() {
    let middle = Settings::new("Middle").priority(8).inherit(&BASE);
    let job = Settings::new("job").inherit(&middle);
    assert_eq!((job.queue, job.priority), (Some("base"), Some(8)));
}

#[test]
fn arguments_are_shown_unless_it_is_said_otherwise() {
    assert!(Settings::new("job").shows_arguments());
    assert!(Settings::new("job").log_arguments(true).shows_arguments());
    assert!(!Settings::new("job").log_arguments(false).shows_arguments());
}

#[test]
fn the_queue_is_default_only_if_nothing_is_said() {
    assert_eq!(Settings::new("job").queue_or_default(), "default");
    assert_eq!(BASE.queue_or_default(), "base");
}
