//! The terminal: taken over, and put back whatever happens.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use jobs::Error;
use ratatui::crossterm::event::{self, Event, KeyEvent, KeyEventKind};
use ratatui::{DefaultTerminal, Frame};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub(crate) const NO_TERMINAL: &str =
    "the view needs a terminal to draw on; for programs there is `jobsctl stats --json`";

/// How long the thread that hears keys is deaf to being told to end.
const DEAF: Duration = Duration::from_millis(50);

/// What came from the terminal.
#[derive(Debug)]
pub(crate) enum Key {
    Pressed(KeyEvent),
    /// It has another size now.
    Resized,
    /// Nothing will come any more.
    Gone,
}

/// A terminal that is taken over. Dropping it puts the terminal back; a panic does so too, before it is told.
pub(crate) struct Screen {
    terminal: DefaultTerminal,
    keys: UnboundedReceiver<Key>,
    ended: Arc<AtomicBool>,
}

impl Screen {
    pub(crate) fn enter() -> Result<Self, Error> {
        if !(io::stdout().is_terminal() && io::stdin().is_terminal()) {
            return Err(Error::invalid(NO_TERMINAL));
        }
        let terminal = ratatui::try_init().map_err(|cause| {
            // Half of it may be done.
            ratatui::restore();
            failed(cause)
        })?;
        let (sender, keys) = unbounded_channel();
        let ended = Arc::new(AtomicBool::new(false));
        let screen = Self { terminal, keys, ended: Arc::clone(&ended) };
        // From here on the screen is put back by being dropped.
        thread::Builder::new().name("jobs-top-keys".into()).spawn(move || hear(&sender, &ended)).map_err(failed)?;
        Ok(screen)
    }

    pub(crate) fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> Result<(), Error> {
        self.terminal.draw(draw).map(|_drawn| ()).map_err(failed)
    }

    /// The next key. Cancel safe.
    pub(crate) async fn key(&mut self) -> Key {
        self.keys.recv().await.unwrap_or(Key::Gone)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        ratatui::restore();
    }
}

fn failed(cause: io::Error) -> Error {
    Error::other("the terminal cannot be drawn on").with_source(cause)
}

/// Reading keys blocks, so it has a thread of its own.
fn hear(sender: &UnboundedSender<Key>, ended: &AtomicBool) {
    while !ended.load(Ordering::Relaxed) {
        let key = match event::poll(DEAF) {
            Ok(false) => continue,
            Ok(true) => event::read().map_or(Some(Key::Gone), |event| key(&event)),
            Err(_gone) => Some(Key::Gone),
        };
        let is_last = matches!(key, Some(Key::Gone));
        let is_heard = key.is_none_or(|key| sender.send(key).is_ok());
        if is_last || !is_heard {
            break;
        }
    }
}

fn key(event: &Event) -> Option<Key> {
    match event {
        // Some terminals tell of the release too.
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Key::Pressed(*key)),
        Event::Resize(..) => Some(Key::Resized),
        _ => None,
    }
}
