//! The message of a failed assertion: what was expected, and what is there.

use jobs_core::Timestamp;

use crate::kit::{JobMatcher, Seen};

/// The facts for a message: the kind of list, the counted jobs, and the others.
pub(crate) struct Found {
    /// `enqueued` or `performed`.
    pub(crate) what: &'static str,
    /// The filter of the view, as text.
    pub(crate) narrowed: String,
    /// The jobs that the view sees.
    pub(crate) counted: Vec<Seen>,
    /// The other jobs.
    pub(crate) others: Vec<Seen>,
}

impl Found {
    /// The message if another number of jobs was expected.
    pub(crate) fn miscounted(&self, expected: usize) -> String {
        let Self { what, narrowed, counted, .. } = self;
        let (jobs, were) = if expected == 1 { ("job", "was") } else { ("jobs", "were") };
        let actual = counted.len();
        let was = if actual == 1 { "was" } else { "were" };
        format!("{expected} {jobs} {were} to be {what}{narrowed}, but {actual} {was}.{}", self.listed())
    }

    /// The message if no job matches.
    pub(crate) fn unmatched(&self, wanted: &JobMatcher, now: Timestamp) -> String {
        let Self { what, narrowed, counted, .. } = self;
        let head = format!("no {what} job{narrowed} is {}.", wanted.words(now));
        let near: Vec<_> = counted.iter().filter(|seen| wanted.is_kind_of(seen)).collect();
        if near.is_empty() {
            return format!("{head}{}", self.listed());
        }
        let line = |seen: &&Seen| {
            let differences = wanted.differences(seen, now).join(", ");
            format!("  {seen} (differs in: {differences})")
        };
        format!("{head} Near to it:\n{}", near.iter().map(line).collect::<Vec<_>>().join("\n"))
    }

    fn listed(&self) -> String {
        let Self { what, counted, others, .. } = self;
        if counted.is_empty() && others.is_empty() {
            return format!(" Nothing was {what}.");
        }
        let lists = [("Counted", counted), ("Not counted", others)];
        let lists = lists.iter().filter(|(_, jobs)| !jobs.is_empty());
        let lists: Vec<_> = lists.map(|(head, jobs)| format!("\n{head}:\n{}", lines(jobs))).collect();
        lists.concat()
    }
}

/// How many jobs a message lists.
const LISTED: usize = 20;

fn lines(jobs: &[Seen]) -> String {
    let mut lines: Vec<_> = jobs.iter().take(LISTED).map(|seen| format!("  {seen}")).collect();
    lines.extend((jobs.len() > LISTED).then(|| format!("  and {} more", jobs.len() - LISTED)));
    lines.join("\n")
}
