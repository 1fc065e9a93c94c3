//! The list of events in the guide.

use jobs::events::ALL;

const GUIDE: &str = include_str!("../../../src/guide/observing.md");

#[test]
fn the_guide_lists_every_event_with_its_name_on_the_wire_and_no_other() {
    let list = GUIDE.split("\n## ").find(|section| section.starts_with("All events")).expect("the guide has a list");
    let rows: Vec<_> = list.lines().filter_map(|line| line.strip_prefix("| `")).collect();
    let listed: Vec<_> = rows.iter().filter_map(|row| Some(row.split_once('|')?.0.trim().trim_matches('`'))).collect();
    let expected: Vec<_> = ALL.iter().map(|(name, wire)| format!("{name}` (`{wire}`)")).collect();
    assert_eq!(listed, expected, "write the rows in the order of the events");
}
