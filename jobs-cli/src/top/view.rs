//! The state of the live view.

use std::collections::BTreeSet;

use jobs::JobId;
use jobs::store::{Cursor, QueueRecord};

use crate::commands::JobChange;
use crate::top::actions::Action;
use crate::top::list_filter::ListFilter;
use crate::top::rates::{RateMeter, Rates};
use crate::top::snapshot::{ListRequest, ShownJob, Snapshot};
use crate::top::tab::Tab;

/// The line at the bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum StatusLine {
    #[default]
    Empty,
    Message(String),
    Error(String),
}

#[derive(Debug, Default)]
pub(crate) struct View {
    pub(crate) tab: Tab,
    pub(crate) snapshot: Option<Snapshot>,
    rate_meter: RateMeter,
    /// The index of the selected row.
    pub(crate) selected: usize,
    /// The jobs of the visible list that the user has chosen for an action.
    pub(crate) chosen: BTreeSet<JobId>,
    /// Which jobs the lists of jobs show.
    pub(crate) filter: ListFilter,
    /// The filter that the user is typing.
    pub(crate) input: Option<String>,
    /// Where the visible page of the list begins, with the pages before it; empty on the first page.
    pub(crate) pages: Vec<Cursor>,
    /// Whether the details of the selected job are shown instead of the list.
    pub(crate) details_open: bool,
    /// Whether the keys are shown instead of the list.
    pub(crate) help_open: bool,
    /// The action that the user is asked to confirm with `y`.
    pub(crate) unconfirmed: Option<Action>,
    pub(crate) status: StatusLine,
    /// The error of the last query, if it failed; the snapshot is older then.
    pub(crate) store_error: Option<String>,
}

impl View {
    /// What the view shows of the store.
    pub(crate) fn request(&self) -> ListRequest {
        ListRequest {
            tab: self.tab,
            filter: self.tab.filter(&self.filter),
            after: self.pages.last().cloned(),
            details_of: self.selected_job().filter(|_| self.details_open).map(|shown| shown.job.id),
        }
    }

    /// Shows a new snapshot. The selection stays on the same queue, process or job if it still exists.
    pub(crate) fn show_snapshot(&mut self, snapshot: Snapshot) {
        let before = self.row_key(self.selected);
        self.rate_meter.record(&snapshot.stats);
        self.chosen.retain(|id| snapshot.jobs().iter().any(|shown| shown.job.id == *id));
        self.snapshot = Some(snapshot);
        self.store_error = None;
        let index =
            before.and_then(|key| (0..self.row_count()).find(|index| self.row_key(*index).as_ref() == Some(&key)));
        match index {
            Some(index) => self.selected = index,
            // The user would mistake the details of another job for those of the one that is gone.
            None => self.details_open = false,
        }
        self.selected = self.selected.min(self.row_count().saturating_sub(1));
    }

    /// Shows another list, or another page or part of it. Its rows are not read yet.
    pub(crate) fn show_list(&mut self, tab: Tab, pages: Vec<Cursor>) {
        (self.tab, self.pages, self.selected, self.details_open) = (tab, pages, 0, false);
        self.chosen.clear();
        if let Some(snapshot) = &mut self.snapshot {
            (snapshot.jobs, snapshot.next) = (None, None);
        }
    }

    pub(crate) fn show_store_error(&mut self, error: &str) {
        self.store_error = Some(error.to_owned());
    }

    pub(crate) fn show_message(&mut self, message: &str) {
        self.status = StatusLine::Message(message.to_owned());
    }

    pub(crate) fn show_error(&mut self, error: &str) {
        self.status = StatusLine::Error(error.to_owned());
    }

    pub(crate) fn rates(&self) -> Option<Rates> {
        self.rate_meter.rates
    }

    /// The number of rows in the visible list.
    pub(crate) fn row_count(&self) -> usize {
        let Some(snapshot) = &self.snapshot else { return 0 };
        match self.tab {
            Tab::Queues => snapshot.stats.queues.len(),
            Tab::Processes => snapshot.stats.processes.len(),
            Tab::Running | Tab::Failed | Tab::Jobs => snapshot.jobs().len(),
        }
    }

    /// The identity of a row, which stays the same when the row moves.
    fn row_key(&self, index: usize) -> Option<String> {
        let snapshot = self.snapshot.as_ref()?;
        match self.tab {
            Tab::Queues => snapshot.stats.queues.get(index).map(|queue| queue.name.clone()),
            Tab::Processes => snapshot.stats.processes.get(index).map(|record| record.process.id.to_string()),
            Tab::Running | Tab::Failed | Tab::Jobs => snapshot.jobs().get(index).map(|shown| shown.job.id.to_string()),
        }
    }

    /// The selected job, if the visible list has jobs.
    pub(crate) fn selected_job(&self) -> Option<&ShownJob> {
        self.snapshot.as_ref()?.jobs().get(self.selected).filter(|_| self.tab.has_jobs())
    }

    /// The chosen jobs of the visible list, or the selected one if none is chosen.
    fn jobs_to_change(&self) -> Vec<&ShownJob> {
        let listed = self.snapshot.as_ref().filter(|_| self.tab.has_jobs()).map_or(&[][..], Snapshot::jobs);
        match self.selected_job() {
            Some(selected) if self.chosen.is_empty() || self.details_open => vec![selected],
            _ => listed.iter().filter(|shown| self.chosen.contains(&shown.job.id)).collect(),
        }
    }

    /// Asks whether the jobs are to be changed, without those whose state does not allow it.
    pub(crate) fn ask_to_change(&mut self, change: JobChange, action: fn(Vec<JobId>) -> Action) {
        let jobs = self.jobs_to_change();
        let Some(first) = jobs.first() else { return };
        let is_one = jobs.len() == 1;
        let refused = if is_one {
            format!("a job that is {} cannot be {}", first.job.state, change.participle())
        } else {
            format!("none of the {} jobs can be {} together with others", jobs.len(), change.participle())
        };
        let allowed = if is_one { change.allowed_states() } else { change.default_states() };
        let able = jobs.iter().filter(|shown| allowed.contains(&shown.job.state)).map(|shown| shown.job.id);
        let able: Vec<_> = able.collect();
        if able.is_empty() { self.show_error(&refused) } else { self.unconfirmed = Some(action(able)) }
    }

    /// Asks whether the jobs are to be cancelled; the reason why one cannot be is told then.
    pub(crate) fn ask_to_cancel(&mut self) {
        let jobs: Vec<_> = self.jobs_to_change().iter().map(|shown| shown.job.id).collect();
        self.unconfirmed = (!jobs.is_empty()).then_some(Action::Cancel(jobs));
    }

    pub(crate) fn ask_to_pause_or_resume(&mut self) {
        let queue = self.snapshot.as_ref().and_then(|snapshot| snapshot.stats.queues.get(self.selected));
        let action = |queue: &QueueRecord| {
            let name = queue.name.clone();
            if queue.paused { Action::Resume(name) } else { Action::Pause(name) }
        };
        self.unconfirmed = queue.filter(|_| self.tab == Tab::Queues).map(action);
    }

    /// Chooses the selected job, or no longer, and goes to the next row.
    pub(crate) fn choose_one(&mut self) {
        let Some(id) = self.selected_job().map(|shown| shown.job.id) else { return };
        if !self.chosen.remove(&id) {
            self.chosen.insert(id);
        }
        self.selected = (self.selected + 1).min(self.row_count().saturating_sub(1));
    }

    /// Chooses all jobs of the page, or none if all are chosen.
    pub(crate) fn choose_all(&mut self) {
        let Some(snapshot) = self.snapshot.as_ref().filter(|_| self.tab.has_jobs()) else { return };
        let all: BTreeSet<_> = snapshot.jobs().iter().map(|shown| shown.job.id).collect();
        self.chosen = if self.chosen == all { BTreeSet::new() } else { all };
    }
}
