//! A live view in the terminal: what waits, who runs what, what failed, and the same actions as the commands.
//!
//! `look` asks the store, `view` is what is seen and what keys do, `draw` puts it on the screen, `act` does what was asked
//! for; `screen` is the terminal, which is put back whatever happens.

mod act;
mod draw;
mod look;
mod palette;
mod rates;
mod screen;
mod tables;
#[cfg(test)]
mod tests;
mod view;

use std::pin::Pin;
use std::time::Duration;

use jobs::Error;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::ending::{Ending, Result};
use crate::place::Scene;
use crate::signals;
use act::act;
use look::{Look, look};
use palette::Palette;
use screen::{Key, Screen};
use view::{View, Wish};

/// Who looks more often only keeps the store from its work.
const SHORTEST: Duration = Duration::from_millis(100);

type Pending<'a, T> = Option<Pin<Box<dyn Future<Output = T> + Send + 'a>>>;

/// Shows the store until somebody quits. A store that does not answer is told in the view, and asked again.
pub(crate) async fn top(scene: &Scene, every: Duration, json: bool) -> Result<Ending> {
    if json {
        return Err(Error::invalid(screen::NO_TERMINAL).into());
    }
    let mut stop = Box::pin(signals::stop()?);
    let mut screen = Screen::enter()?;
    let mut showing =
        Showing { scene, view: View::default(), looking: None, acting: None, tick: ticks(every.max(SHORTEST)) };
    let ended = loop {
        if let Err(error) = screen.draw(|frame| draw::draw(frame, &showing.view, Palette::of_environment())) {
            break Err(error);
        }
        tokio::select! {
            key = screen.key() => match key {
                Key::Pressed(key) if showing.press(key) => break Ok(Ending::Done),
                Key::Gone => break Ok(Ending::Done),
                Key::Pressed(_) | Key::Resized => {}
            },
            () = showing.moved() => {}
            () = &mut stop => break Ok(Ending::Done),
        }
    };
    drop(screen);
    Ok(ended?)
}

fn ticks(every: Duration) -> Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// The view with what is being done for it. The screen never waits for the store.
struct Showing<'a> {
    scene: &'a Scene,
    view: View,
    looking: Pending<'a, Result<Look, Error>>,
    acting: Pending<'a, Result<String, Error>>,
    tick: Interval,
}

impl Showing<'_> {
    /// Takes a key; whether it ends the view.
    fn press(&mut self, key: ratatui::crossterm::event::KeyEvent) -> bool {
        match self.view.press(key) {
            None => false,
            Some(Wish::Quit) => true,
            Some(Wish::Look) => {
                self.tick.reset_immediately();
                false
            }
            Some(Wish::Do(deed)) => {
                // One thing after the other: the view asks for nothing while one is being done.
                self.view.tell("..");
                self.acting = Some(Box::pin(act(self.scene, deed)));
                false
            }
        }
    }

    /// Waits for the next thing to happen, and takes it into the view. Cancel safe.
    async fn moved(&mut self) {
        tokio::select! {
            said = ready(&mut self.acting) => {
                self.acting = None;
                match said {
                    Ok(words) => self.view.tell(&words),
                    Err(error) => self.view.complain(&error.to_string()),
                }
                self.tick.reset_immediately();
            }
            look = ready(&mut self.looking) => {
                self.looking = None;
                match look {
                    Ok(look) => self.view.saw(look),
                    Err(error) => self.view.lost(&error.to_string()),
                }
            }
            _ = self.tick.tick(), if self.looking.is_none() => self.looking = Some(Box::pin(look(self.scene))),
        }
    }
}

/// Waits for what is pending, or for ever.
async fn ready<T>(pending: &mut Pending<'_, T>) -> T {
    match pending {
        Some(pending) => pending.await,
        None => std::future::pending().await,
    }
}
