//! The state of the live view, and what each key does to it.

use jobs::JobId;
use jobs::store::{JobRecord, QueueRecord};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::top::actions::Action;
use crate::top::rates::{RateMeter, Rates};
use crate::top::snapshot::{ShownJob, Snapshot};

/// The lists, one of which is visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Queues,
    Processes,
    Running,
    Failed,
}

impl Tab {
    pub(crate) const ALL: [Self; 4] = [Self::Queues, Self::Processes, Self::Running, Self::Failed];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Queues => "queues",
            Self::Processes => "processes",
            Self::Running => "running",
            Self::Failed => "failed",
        }
    }

    /// The help text for the keys of this list.
    pub(crate) const fn keys(self) -> &'static str {
        match self {
            Self::Queues => "p pause or resume",
            Self::Processes => "",
            Self::Running => "enter details",
            Self::Failed => "enter details  r retry  d discard",
        }
    }

    fn offset(self, steps: usize) -> Self {
        let index = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        Self::ALL.get((index + steps) % Self::ALL.len()).copied().unwrap_or_default()
    }
}

/// What a key does outside of the view.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum KeyEffect {
    Quit,
    Refresh,
    Perform(Action),
}

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
    /// Whether the details of the selected job are shown instead of the list.
    pub(crate) details_open: bool,
    /// The action that the user is asked to confirm with `y`.
    pub(crate) unconfirmed: Option<Action>,
    pub(crate) status: StatusLine,
    /// The error of the last query, if it failed; the snapshot is older then.
    pub(crate) store_error: Option<String>,
}

impl View {
    /// Shows a new snapshot. The selection stays on the same queue, process or job if it still exists.
    pub(crate) fn show_snapshot(&mut self, snapshot: Snapshot) {
        let before = self.row_key(self.selected);
        self.rate_meter.record(&snapshot.stats);
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

    pub(crate) fn handle_key(&mut self, key: KeyEvent) -> Option<KeyEffect> {
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        if is_control && matches!(key.code, KeyCode::Char('c' | 'd')) {
            return Some(KeyEffect::Quit);
        }
        self.status = StatusLine::Empty;
        if let Some(action) = self.unconfirmed.take() {
            // Every key but `y` means no.
            return matches!(key.code, KeyCode::Char('y' | 'Y')).then_some(KeyEffect::Perform(action));
        }
        match key.code {
            KeyCode::Esc | KeyCode::Enter if self.details_open => self.details_open = false,
            KeyCode::Char('q') | KeyCode::Esc => return Some(KeyEffect::Quit),
            KeyCode::Char(' ') | KeyCode::F(5) => return Some(KeyEffect::Refresh),
            KeyCode::Enter => self.details_open = self.selected_job().is_some(),
            KeyCode::Char('p') => self.unconfirmed = self.pause_or_resume(),
            KeyCode::Char('r') => self.unconfirmed = self.selected_failed_job().map(|job| Action::Retry(job.id)),
            KeyCode::Char('d') => self.unconfirmed = self.selected_failed_job().map(|job| Action::Discard(job.id)),
            code => self.navigate(code),
        }
        None
    }

    /// Selects another row or another list.
    fn navigate(&mut self, code: KeyCode) {
        let last = self.row_count().saturating_sub(1);
        let tab = match code {
            KeyCode::Tab | KeyCode::Right => self.tab.offset(1),
            KeyCode::BackTab | KeyCode::Left => self.tab.offset(Tab::ALL.len() - 1),
            KeyCode::Char('1') => Tab::Queues,
            KeyCode::Char('2') => Tab::Processes,
            KeyCode::Char('3') => Tab::Running,
            KeyCode::Char('4') => Tab::Failed,
            _ => self.tab,
        };
        if tab != self.tab {
            (self.tab, self.selected, self.details_open) = (tab, 0, false);
            return;
        }
        self.selected = match code {
            KeyCode::Down | KeyCode::Char('j') => self.selected.saturating_add(1),
            KeyCode::Up | KeyCode::Char('k') => self.selected.saturating_sub(1),
            KeyCode::PageDown => self.selected.saturating_add(10),
            KeyCode::PageUp => self.selected.saturating_sub(10),
            KeyCode::Home => 0,
            KeyCode::End => last,
            _ => self.selected,
        }
        .min(last);
    }

    /// The number of rows in the visible list.
    pub(crate) fn row_count(&self) -> usize {
        let Some(snapshot) = &self.snapshot else { return 0 };
        match self.tab {
            Tab::Queues => snapshot.stats.queues.len(),
            Tab::Processes => snapshot.stats.processes.len(),
            Tab::Running => snapshot.running.len(),
            Tab::Failed => snapshot.failed.len(),
        }
    }

    /// The identity of a row, which stays the same when the row moves.
    fn row_key(&self, index: usize) -> Option<String> {
        let snapshot = self.snapshot.as_ref()?;
        match self.tab {
            Tab::Queues => snapshot.stats.queues.get(index).map(|queue| queue.name.clone()),
            Tab::Processes => snapshot.stats.processes.get(index).map(|record| record.process.id.to_string()),
            Tab::Running => snapshot.running.get(index).map(|shown| shown.job.id.to_string()),
            Tab::Failed => snapshot.failed.get(index).map(|shown| shown.job.id.to_string()),
        }
    }

    /// The job whose details are shown instead of the list.
    pub(crate) fn job_with_details(&self) -> Option<JobId> {
        self.selected_job().filter(|_| self.details_open).map(|shown| shown.job.id)
    }

    /// The selected job, if the visible list has jobs.
    pub(crate) fn selected_job(&self) -> Option<&ShownJob> {
        let snapshot = self.snapshot.as_ref()?;
        match self.tab {
            Tab::Running => snapshot.running.get(self.selected),
            Tab::Failed => snapshot.failed.get(self.selected),
            Tab::Queues | Tab::Processes => None,
        }
    }

    fn selected_failed_job(&self) -> Option<&JobRecord> {
        self.selected_job().filter(|_| self.tab == Tab::Failed).map(|shown| &shown.job)
    }

    fn pause_or_resume(&self) -> Option<Action> {
        let queue: &QueueRecord = self.snapshot.as_ref()?.stats.queues.get(self.selected)?;
        let name = queue.name.clone();
        let action = if queue.paused { Action::Resume(name) } else { Action::Pause(name) };
        (self.tab == Tab::Queues).then_some(action)
    }
}
