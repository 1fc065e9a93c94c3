//! The loop of the live view: it waits for keys, for the store and for signals, and draws after each of them.

use std::pin::Pin;
use std::time::Duration;

use jobs::Error;
use ratatui::crossterm::event::KeyEvent;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::exit::{CommandResult, Exit};
use crate::process::signals;
use crate::store::OpenStore;
use crate::top::actions::perform;
use crate::top::draw::draw;
use crate::top::keys::KeyEffect;
use crate::top::palette::Palette;
use crate::top::snapshot::Snapshot;
use crate::top::terminal::{NO_TERMINAL, Screen, TerminalEvent};
use crate::top::view::View;

/// A shorter interval would only load the store.
const MIN_INTERVAL: Duration = Duration::from_millis(100);

type Pending<'a, T> = Option<Pin<Box<dyn Future<Output = T> + Send + 'a>>>;

/// Shows the store until the user quits. An error of the store is shown, and the store is queried again.
pub(crate) async fn top(store: &OpenStore, every: Duration, json: bool) -> CommandResult {
    if json {
        return Err(Error::invalid(NO_TERMINAL).into());
    }
    let mut stop = Box::pin(signals::stop()?);
    let mut screen = Screen::enter()?;
    let mut app = App::new(store, every);
    let result = loop {
        if let Err(error) = screen.draw(|frame| draw(frame, &app.view, Palette::from_env())) {
            break Err(error);
        }
        tokio::select! {
            event = screen.next_event() => match event {
                TerminalEvent::Key(key) if app.handle_key(key) => break Ok(Exit::Success),
                TerminalEvent::Closed => break Ok(Exit::Success),
                TerminalEvent::Key(_) | TerminalEvent::Resized => {}
            },
            () = app.update() => {}
            () = &mut stop => break Ok(Exit::Success),
        }
    };
    // The terminal is restored before an error is printed.
    drop(screen);
    Ok(result?)
}

/// The view and the calls of the store that run for it. Drawing never waits for the store.
struct App<'a> {
    store: &'a OpenStore,
    view: View,
    query: Pending<'a, Result<Snapshot, Error>>,
    action: Pending<'a, Result<String, Error>>,
    ticks: Interval,
}

impl<'a> App<'a> {
    fn new(store: &'a OpenStore, every: Duration) -> Self {
        let mut ticks = interval(every.max(MIN_INTERVAL));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { store, view: View::default(), query: None, action: None, ticks }
    }

    /// Handles a key, and returns whether the view ends.
    fn handle_key(&mut self, key: KeyEvent) -> bool {
        let before = self.view.request();
        match self.view.handle_key(key) {
            None => {
                if self.view.request() != before {
                    // What is being read is no longer what is shown.
                    self.query = None;
                    self.ticks.reset_immediately();
                }
                false
            }
            Some(KeyEffect::Quit) => true,
            Some(KeyEffect::Refresh) => {
                self.ticks.reset_immediately();
                false
            }
            Some(KeyEffect::Perform(_)) if self.action.is_some() => {
                self.view.show_error("the change before is not done yet");
                false
            }
            Some(KeyEffect::Perform(action)) => {
                self.view.show_message("..");
                self.action = Some(Box::pin(perform(self.store, action)));
                false
            }
        }
    }

    /// Waits for the next result of the store, or the next tick, and updates the view. Cancel safe.
    async fn update(&mut self) {
        tokio::select! {
            result = ready(&mut self.action) => {
                self.action = None;
                match result {
                    Ok(message) => self.view.show_message(&message),
                    Err(error) => self.view.show_error(&error.to_string()),
                }
                self.ticks.reset_immediately();
            }
            result = ready(&mut self.query) => {
                self.query = None;
                match result {
                    Ok(snapshot) => self.view.show_snapshot(snapshot),
                    Err(error) => self.view.show_store_error(&error.to_string()),
                }
            }
            _ = self.ticks.tick(), if self.query.is_none() => {
                self.query = Some(Box::pin(Snapshot::query(self.store, self.view.request())));
            }
        }
    }
}

/// Waits for the pending call; without one it never returns.
async fn ready<T>(pending: &mut Pending<'_, T>) -> T {
    match pending {
        Some(pending) => pending.await,
        None => std::future::pending().await,
    }
}
