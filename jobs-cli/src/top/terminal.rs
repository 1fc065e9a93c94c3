//! The terminal: taken over for the view, and always restored.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use jobs::Error;
use ratatui::crossterm::event::{self, Event, KeyEvent, KeyEventKind};
use ratatui::{DefaultTerminal, Frame};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub(crate) const NO_TERMINAL: &str = "`top` needs a terminal; in a script use `jobsctl stats --json`";

/// How often the thread that reads keys checks whether it must end.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(crate) enum TerminalEvent {
    Key(KeyEvent),
    Resized,
    /// The terminal was closed; no more events follow.
    Closed,
}

/// A terminal that shows the view. It is restored when this is dropped, and in a panic before the panic's message is
/// printed.
pub(crate) struct Screen {
    terminal: DefaultTerminal,
    events: UnboundedReceiver<TerminalEvent>,
    ended: Arc<AtomicBool>,
}

impl Screen {
    pub(crate) fn enter() -> Result<Self, Error> {
        if !(io::stdout().is_terminal() && io::stdin().is_terminal()) {
            return Err(Error::invalid(NO_TERMINAL));
        }
        let terminal = ratatui::try_init().map_err(|cause| {
            // Initialisation has several steps, of which some may have succeeded.
            ratatui::restore();
            failed(cause)
        })?;
        let (sender, events) = unbounded_channel();
        let ended = Arc::new(AtomicBool::new(false));
        // From here on, `Drop` restores the terminal, also if the thread cannot be started.
        let screen = Self { terminal, events, ended: Arc::clone(&ended) };
        thread::Builder::new()
            .name("jobs-top-keys".into())
            .spawn(move || read_events(&sender, &ended))
            .map_err(failed)?;
        Ok(screen)
    }

    pub(crate) fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> Result<(), Error> {
        self.terminal.draw(draw).map(|_drawn| ()).map_err(failed)
    }

    /// The next event. Cancel safe.
    pub(crate) async fn next_event(&mut self) -> TerminalEvent {
        self.events.recv().await.unwrap_or(TerminalEvent::Closed)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        ratatui::restore();
    }
}

fn failed(cause: io::Error) -> Error {
    Error::other("the terminal cannot be used").with_source(cause)
}

/// Reads events until the view ends. Reading blocks, so this runs in its own thread.
fn read_events(sender: &UnboundedSender<TerminalEvent>, ended: &AtomicBool) {
    while !ended.load(Ordering::Relaxed) {
        let event = match event::poll(POLL_INTERVAL) {
            Ok(false) => continue,
            Ok(true) => event::read().map_or(Some(TerminalEvent::Closed), |event| convert(&event)),
            Err(_closed) => Some(TerminalEvent::Closed),
        };
        let is_last = matches!(event, Some(TerminalEvent::Closed));
        let is_received = event.is_none_or(|event| sender.send(event).is_ok());
        if is_last || !is_received {
            break;
        }
    }
}

fn convert(event: &Event) -> Option<TerminalEvent> {
    match event {
        // Some terminals report the release of a key too.
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(TerminalEvent::Key(*key)),
        Event::Resize(..) => Some(TerminalEvent::Resized),
        _ => None,
    }
}
