//! The list of cases is complete.

use std::collections::BTreeSet;
use std::path::Path;

use jobs_testing::contract::{CASES, Case};

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
fn a_group_may_require_a_guarantee_of_the_store() {
    let required: BTreeSet<_> = CASES.iter().filter_map(Case::requires).collect();
    assert_eq!(required, BTreeSet::from(["fencing", "history", "identity", "order", "retention", "unique"]));
    let unique = CASES.iter().filter(|case| case.requires() == Some("unique"));
    assert!(unique.map(Case::name).all(|name| name.starts_with("unique_")));
    assert_eq!(Case::named("claim::no_job_is_given_to_two_claims").and_then(|case| case.requires()), None);
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
