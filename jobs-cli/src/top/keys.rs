//! What each key does in the live view.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::commands::JobChange;
use crate::top::actions::Action;
use crate::top::list_filter::ListFilter;
use crate::top::tab::Tab;
use crate::top::view::{StatusLine, View};

/// The keys with what they do, for the help.
pub(crate) const KEYS: [(&str, &str); 14] = [
    ("← → tab 1 to 5", "another list"),
    ("↑ ↓ page up, down", "another row; home and end the first and the last"),
    ("/", "which jobs: state=failed queue=mail name=send_mail, none for all"),
    ("n  b", "next page, page before"),
    ("enter", "the job with its errors and arguments"),
    ("x", "choose the job for an action, or no longer"),
    ("a", "choose all jobs of the page, or none"),
    ("r", "retry the job, or those that are chosen"),
    ("d", "discard them"),
    ("c", "cancel them: discard those that do not run yet"),
    ("p", "pause or resume the queue"),
    ("space", "update now"),
    ("?", "this help"),
    ("q escape", "quit"),
];

/// What a key does outside of the view.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum KeyEffect {
    Quit,
    Refresh,
    Perform(Action),
}

impl View {
    pub(crate) fn handle_key(&mut self, key: KeyEvent) -> Option<KeyEffect> {
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        if is_control && matches!(key.code, KeyCode::Char('c' | 'd')) {
            return Some(KeyEffect::Quit);
        }
        self.status = StatusLine::Empty;
        if let Some(input) = self.input.take() {
            self.edit(input, key.code);
            return None;
        }
        if let Some(action) = self.unconfirmed.take() {
            // Every key but `y` means no.
            let is_yes = matches!(key.code, KeyCode::Char('y' | 'Y'));
            if is_yes {
                self.chosen.clear();
            }
            return is_yes.then_some(KeyEffect::Perform(action));
        }
        if std::mem::take(&mut self.help_open) {
            return None;
        }
        match key.code {
            KeyCode::Esc | KeyCode::Enter if self.details_open => self.details_open = false,
            KeyCode::Char('q') | KeyCode::Esc => return Some(KeyEffect::Quit),
            KeyCode::Char(' ') | KeyCode::F(5) => return Some(KeyEffect::Refresh),
            code => self.handle_plain_key(code),
        }
        None
    }

    fn handle_plain_key(&mut self, code: KeyCode) {
        match code {
            KeyCode::Enter => self.details_open = self.selected_job().is_some(),
            KeyCode::Char('?') => self.help_open = true,
            KeyCode::Char('/') => self.begin_input(),
            KeyCode::Char('p') => self.ask_to_pause_or_resume(),
            KeyCode::Char('r') => self.ask_to_change(JobChange::Retry, Action::Retry),
            KeyCode::Char('d') => self.ask_to_change(JobChange::Discard, Action::Discard),
            KeyCode::Char('c') => self.ask_to_cancel(),
            KeyCode::Char('x') if !self.details_open => self.choose_one(),
            KeyCode::Char('a') if !self.details_open => self.choose_all(),
            code => self.navigate(code),
        }
    }

    /// Selects another row, another page or another list.
    fn navigate(&mut self, code: KeyCode) {
        let tab = match code {
            KeyCode::Tab | KeyCode::Right => self.tab.offset(1),
            KeyCode::BackTab | KeyCode::Left => self.tab.offset(Tab::ALL.len() - 1),
            KeyCode::Char(key) => Tab::of_key(key).unwrap_or(self.tab),
            _ => self.tab,
        };
        if tab != self.tab {
            return self.show_list(tab, Vec::new());
        }
        match code {
            KeyCode::Char('n') => self.next_page(),
            KeyCode::Char('b') if !self.pages.is_empty() => {
                let mut pages = std::mem::take(&mut self.pages);
                pages.pop();
                self.show_list(self.tab, pages);
            }
            code => self.select(code),
        }
    }

    fn next_page(&mut self) {
        let next = self.snapshot.as_mut().filter(|_| self.tab.has_jobs()).and_then(|snapshot| snapshot.next.take());
        if let Some(next) = next {
            let mut pages = std::mem::take(&mut self.pages);
            pages.push(next);
            self.show_list(self.tab, pages);
        }
    }

    fn select(&mut self, code: KeyCode) {
        let last = self.row_count().saturating_sub(1);
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

    /// Begins with the filter that is set. From a list without jobs it leads to that of all jobs.
    fn begin_input(&mut self) {
        if !self.tab.has_jobs() {
            self.show_list(Tab::Jobs, Vec::new());
        }
        self.input = Some(self.tab.filter(&self.filter).to_text());
    }

    /// Edits the filter that is typed. Enter sets it; escape leaves the filter as it was.
    fn edit(&mut self, mut input: String, code: KeyCode) {
        match code {
            KeyCode::Esc => return,
            KeyCode::Enter => match ListFilter::parse(&input) {
                Ok(filter) => return self.set_filter(filter),
                Err(error) => self.show_error(&error),
            },
            KeyCode::Backspace => drop(input.pop()),
            KeyCode::Delete => input.clear(),
            KeyCode::Char(letter) => input.push(letter),
            _ => {}
        }
        self.input = Some(input);
    }

    fn set_filter(&mut self, filter: ListFilter) {
        let tab = if filter.state.is_some_and(|state| self.tab.state() != Some(state)) { Tab::Jobs } else { self.tab };
        self.filter = filter;
        self.show_list(tab, Vec::new());
    }
}
