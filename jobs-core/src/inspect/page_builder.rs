//! A page that a store puts together from parts, because its database compares less than a filter says.

use super::cursor::{Cursor, IdRange};
use super::filter::{Filter, Page};
use crate::{JobId, JobRecord};

/// How many jobs a part has if most of them may not match, which bounds the memory.
const PART: usize = 500;

/// Puts a page together from parts, which a store reads one after the other.
///
/// A database compares neither groups of failures, nor letters beyond ASCII without regard to case. The store selects by
/// everything else, and the builder leaves out the jobs that do not match.
#[derive(Debug)]
pub struct PageBuilder<'f> {
    filter: &'f Filter,
    /// The filter without the text that the database has compared: the jobs may have been read without their arguments.
    rest: Filter,
    within: IdRange,
    end: Option<JobId>,
    jobs: Vec<JobRecord>,
}

impl<'f> PageBuilder<'f> {
    /// A page of this range of ids. `end` is the job at which the window of the page ends, if there are that many jobs.
    pub fn new(filter: &'f Filter, range: IdRange, end: Option<JobId>) -> Self {
        let text = filter.text.clone().filter(|_| filter.searched_text().is_none());
        let within = end.map_or(range, |end| range.up_to(filter.order, end));
        Self { filter, rest: Filter { text, ..filter.clone() }, within, end, jobs: Vec::new() }
    }

    /// The range of the ids of the next part.
    pub const fn within(&self) -> IdRange {
        self.within
    }

    /// How many jobs the next part has at most.
    pub fn part_size(&self) -> usize {
        let size = self.filter.page_size();
        if self.filter.is_checked_after_reading() { size.max(PART) } else { size }
    }

    /// Adds the jobs of a part in the order of the filter, with their errors, and with their arguments if
    /// [`Filter::reads_arguments`] says so. A part of fewer jobs than [`part_size`](Self::part_size) is the last one. Returns
    /// the page if it is complete; otherwise another part is to be read.
    pub fn add(&mut self, part: Vec<JobRecord>) -> Option<Page> {
        let (size, limit) = (self.filter.page_size(), self.part_size());
        let last = part.last().map(|job| job.id).filter(|_| part.len() >= limit);
        for mut job in part.into_iter().filter(|job| self.rest.matches(job)) {
            self.filter.content.reduce(&mut job);
            self.jobs.push(job);
        }
        if self.jobs.len() > size || (self.jobs.len() == size && last.is_some()) {
            self.jobs.truncate(size);
            let next = self.jobs.last().map(|job| Cursor::from(job.id));
            return Some(self.page(next));
        }
        let Some(last) = last else { return Some(self.page(self.end.map(Cursor::from))) };
        self.within = self.within.beyond(self.filter.order, last);
        None
    }

    fn page(&mut self, next: Option<Cursor>) -> Page {
        Page::new(std::mem::take(&mut self.jobs), next)
    }
}
