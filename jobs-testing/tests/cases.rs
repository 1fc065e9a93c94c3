//! The list of cases is complete.

use std::collections::BTreeSet;
use std::path::Path;

use jobs_testing::contract::{CASES, Case, Requirement};

#[test]
fn the_suite_has_at_least_two_hundred_and_fifty_cases() {
    assert!(CASES.len() >= 250, "there are {}", CASES.len());
}

#[test]
fn each_case_has_a_name_of_its_own_and_is_found_by_it() {
    let names: BTreeSet<_> = CASES.iter().map(Case::name).collect();
    assert_eq!(names.len(), CASES.len());
    for name in names {
        assert_eq!(Case::named(name).map(|case| case.name()), Some(name));
    }
    assert!(Case::named("claim::nothing").is_none());
}

#[test]
fn a_group_may_require_capabilities_and_promises_of_the_store() {
    let requires = |name: &str| Case::named(name).expect("the case is there").requires();
    assert_eq!(requires("claim::no_job_is_given_to_two_claims"), []);
    assert_eq!(requires("order::a_higher_priority_is_claimed_first"), [Requirement::Order]);
    let retried = requires("unique_retry::a_job_that_never_started_takes_its_key_again");
    assert_eq!(retried, [Requirement::Unique, Requirement::Manage]);
}

/// A case that is written and not listed would never be played.
#[test]
fn every_case_that_is_written_is_listed() {
    let mut written = BTreeSet::new();
    collect_cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/contract"), &mut written);
    let listed: BTreeSet<_> = CASES.iter().map(|case| case.name().to_owned()).collect();
    assert_eq!(written, listed);
}

/// Adds `group::case` for each case in the files of a folder and of the folders in it.
fn collect_cases(folder: &Path, written: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder of the cases is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            collect_cases(&path, written);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a file of cases can be read");
        let group = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let cases =
            text.lines().filter_map(|line| line.strip_prefix("pub async fn ")?.strip_suffix("(fixture: Fixture) {"));
        written.extend(cases.map(|name| format!("{group}::{name}")));
    }
}
