//! What is seen, what is chosen, and what a key means.

use jobs::{JobRecord, QueueRecord};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::top::act::Deed;
use crate::top::look::{Look, Seen};
use crate::top::rates::{Growth, Rates};

/// The lists, of which one is seen.
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

    /// The keys that do something there, in words.
    pub(crate) const fn keys(self) -> &'static str {
        match self {
            Self::Queues => "p pause or resume",
            Self::Processes => "",
            Self::Running => "enter details",
            Self::Failed => "enter details  r retry  d discard",
        }
    }

    fn beside(self, steps: usize) -> Self {
        let place = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        Self::ALL.get((place + steps) % Self::ALL.len()).copied().unwrap_or_default()
    }
}

/// What a key asks for beyond the view itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Quit,
    Look,
    Do(Deed),
}

/// The line at the bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Word {
    #[default]
    Nothing,
    Told(String),
    Complained(String),
}

/// All that is seen.
#[derive(Debug, Default)]
pub(crate) struct View {
    pub(crate) tab: Tab,
    pub(crate) look: Option<Look>,
    pub(crate) growth: Growth,
    /// Which line of the list.
    pub(crate) chosen: usize,
    /// Whether the chosen job is shown with all that is known of it.
    pub(crate) is_open: bool,
    /// What is asked, and done if it is answered by `y`.
    pub(crate) asked: Option<Deed>,
    pub(crate) word: Word,
    /// Why the store could not be looked into just now; what is seen is older then.
    pub(crate) lost: Option<String>,
}

impl View {
    /// Takes a new look; what was chosen stays so if it is still there.
    pub(crate) fn saw(&mut self, look: Look) {
        let before = self.key(self.chosen);
        self.growth.saw(&look.stats);
        self.look = Some(look);
        self.lost = None;
        let place =
            before.and_then(|before| (0..self.count()).find(|place| self.key(*place).as_ref() == Some(&before)));
        match place {
            Some(place) => self.chosen = place,
            // What was open is gone, and another in its place would be mistaken for it.
            None => self.is_open = false,
        }
        self.chosen = self.chosen.min(self.count().saturating_sub(1));
    }

    pub(crate) fn lost(&mut self, words: &str) {
        self.lost = Some(words.to_owned());
    }

    pub(crate) fn tell(&mut self, words: &str) {
        self.word = Word::Told(words.to_owned());
    }

    pub(crate) fn complain(&mut self, words: &str) {
        self.word = Word::Complained(words.to_owned());
    }

    pub(crate) fn rates(&self) -> Option<Rates> {
        self.growth.rates
    }

    /// What a key does.
    pub(crate) fn press(&mut self, key: KeyEvent) -> Option<Wish> {
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        if is_control && matches!(key.code, KeyCode::Char('c' | 'd')) {
            return Some(Wish::Quit);
        }
        if let Some(deed) = self.asked.take() {
            // Whatever is not a clear yes is a no.
            self.word = Word::Nothing;
            return matches!(key.code, KeyCode::Char('y' | 'Y')).then_some(Wish::Do(deed));
        }
        self.word = Word::Nothing;
        match key.code {
            KeyCode::Esc | KeyCode::Enter if self.is_open => self.is_open = false,
            KeyCode::Char('q') | KeyCode::Esc => return Some(Wish::Quit),
            KeyCode::Char(' ') | KeyCode::F(5) => return Some(Wish::Look),
            KeyCode::Enter => self.is_open = self.job().is_some(),
            KeyCode::Char('p') => self.asked = self.turn(),
            KeyCode::Char('r') => self.asked = self.failed().map(|job| Deed::Retry(job.id)),
            KeyCode::Char('d') => self.asked = self.failed().map(|job| Deed::Discard(job.id)),
            code => self.go(code),
        }
        None
    }

    /// Moves within the list, or to another one.
    fn go(&mut self, code: KeyCode) {
        let last = self.count().saturating_sub(1);
        let tab = match code {
            KeyCode::Tab | KeyCode::Right => self.tab.beside(1),
            KeyCode::BackTab | KeyCode::Left => self.tab.beside(Tab::ALL.len() - 1),
            KeyCode::Char('1') => Tab::Queues,
            KeyCode::Char('2') => Tab::Processes,
            KeyCode::Char('3') => Tab::Running,
            KeyCode::Char('4') => Tab::Failed,
            _ => self.tab,
        };
        if tab != self.tab {
            (self.tab, self.chosen, self.is_open) = (tab, 0, false);
            return;
        }
        self.chosen = match code {
            KeyCode::Down | KeyCode::Char('j') => self.chosen.saturating_add(1),
            KeyCode::Up | KeyCode::Char('k') => self.chosen.saturating_sub(1),
            KeyCode::PageDown => self.chosen.saturating_add(10),
            KeyCode::PageUp => self.chosen.saturating_sub(10),
            KeyCode::Home => 0,
            KeyCode::End => last,
            _ => self.chosen,
        }
        .min(last);
    }

    /// How many lines the list has.
    pub(crate) fn count(&self) -> usize {
        let Some(look) = &self.look else { return 0 };
        match self.tab {
            Tab::Queues => look.stats.queues.len(),
            Tab::Processes => look.stats.processes.len(),
            Tab::Running => look.running.len(),
            Tab::Failed => look.failed.len(),
        }
    }

    /// What the line is known by, whatever its place.
    fn key(&self, place: usize) -> Option<String> {
        let look = self.look.as_ref()?;
        match self.tab {
            Tab::Queues => look.stats.queues.get(place).map(|queue| queue.name.clone()),
            Tab::Processes => look.stats.processes.get(place).map(|record| record.process.id.to_string()),
            Tab::Running => look.running.get(place).map(|seen| seen.job.id.to_string()),
            Tab::Failed => look.failed.get(place).map(|seen| seen.job.id.to_string()),
        }
    }

    /// The chosen job, where jobs are listed.
    pub(crate) fn job(&self) -> Option<&Seen> {
        let look = self.look.as_ref()?;
        match self.tab {
            Tab::Running => look.running.get(self.chosen),
            Tab::Failed => look.failed.get(self.chosen),
            Tab::Queues | Tab::Processes => None,
        }
    }

    fn failed(&self) -> Option<&JobRecord> {
        self.job().filter(|_| self.tab == Tab::Failed).map(|seen| &seen.job)
    }

    fn turn(&self) -> Option<Deed> {
        let queue: &QueueRecord = self.look.as_ref()?.stats.queues.get(self.chosen)?;
        let name = queue.name.clone();
        let deed = if queue.paused { Deed::Resume(name) } else { Deed::Pause(name) };
        (self.tab == Tab::Queues).then_some(deed)
    }
}
