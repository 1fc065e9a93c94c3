//! Pages that a store puts together from parts.

use jobs_core::{ErrorRecord, FailureKey, Filter, IdRange, JobId, JobRecord, PageBuilder};

fn id(number: u128) -> JobId {
    JobId::from_bytes(number.to_be_bytes())
}

fn failed(number: u128, message: &str) -> JobRecord {
    let mut job = JobRecord::new(id(number), "charge", "{}");
    job.errors = vec![ErrorRecord::new("shop::Declined", message)];
    job
}

/// What a database would select, which compares only ids.
fn select(jobs: &[JobRecord], page: &PageBuilder<'_>) -> Vec<JobRecord> {
    let within = jobs.iter().filter(|job| page.within().contains(job.id));
    within.take(page.part_size()).cloned().collect()
}

#[test]
fn parts_are_read_until_the_page_is_full_and_the_next_page_begins_behind_it() {
    // Every tenth job is of the group, so that more than one part is read.
    let message = |number| if number % 10 == 0 { "no money" } else { "no card" };
    let jobs: Vec<_> = (1..=2000).map(|number| failed(number, message(number))).collect();
    let failure = FailureKey::of(&failed(0, "no money"));
    let filter = Filter { failure, limit: 60, ..Filter::default() };
    let (mut builder, mut parts) = (PageBuilder::new(&filter, IdRange::of(&filter).unwrap(), None), 0);
    let page = loop {
        parts += 1;
        if let Some(page) = builder.add(select(&jobs, &builder)) {
            break page;
        }
    };
    let ids: Vec<_> = page.jobs.iter().map(|job| job.id).collect();
    assert_eq!(ids, (1..=60).map(|number| id(number * 10)).collect::<Vec<_>>());
    assert_eq!((parts, page.next), (2, Some(id(600).into())));
}

#[test]
fn a_window_that_ends_early_says_where_to_go_on() {
    let jobs: Vec<_> = (1..=20).map(|number| failed(number, "no card")).collect();
    let filter = Filter { text: Some("ü".into()), limit: 5, ..Filter::default() };
    let mut builder = PageBuilder::new(&filter, IdRange::of(&filter).unwrap(), Some(id(12)));
    let part = select(&jobs, &builder);
    assert_eq!(part.last().map(|job| job.id), Some(id(12)), "no further than the window");
    let page = builder.add(part).unwrap();
    assert_eq!((page.jobs.len(), page.next), (0, Some(id(12).into())));
}

#[test]
fn a_text_that_the_database_compared_is_not_sought_in_arguments_that_were_not_read() {
    let mut job = failed(1, "no card");
    job.arguments = String::new();
    let filter = Filter { text: Some("ada".into()), ..Filter::default() }.summaries();
    assert!(!filter.reads_arguments() && filter.searched_text() == Some("ada"));
    let page = PageBuilder::new(&filter, IdRange::default(), None).add(vec![job]).unwrap();
    assert_eq!((page.jobs.len(), page.next), (1, None));
    let wide = Filter { text: Some("zoë".into()), ..filter };
    assert!(wide.reads_arguments() && wide.searched_text().is_none());
}
