//! The live view, in a real terminal of 80 columns and 24 lines.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use tokio::time::Instant;

use crate::place::{Place, id};

/// A terminal with the program in it.
struct Terminal {
    keyboard: File,
    /// The end that the program has too, to see how it leaves it.
    line: OwnedFd,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    program: Child,
}

const PATIENCE: Duration = Duration::from_secs(20);

impl Terminal {
    fn with(place: &Place, words: &[&str]) -> Self {
        let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&near).unwrap();
        unlockpt(&near).unwrap();
        let name = ptsname(&near, Vec::new()).unwrap();
        let line = open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        tcsetwinsize(&near, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let mut command = place.command(env!("CARGO_BIN_EXE_jobs").into(), words);
        let end = || line.try_clone().unwrap();
        command.stdin(end()).stdout(end()).stderr(end()).env("TERM", "xterm-256color");
        let program = command.spawn().unwrap();
        let keyboard = File::from(near);
        let mut reading = keyboard.try_clone().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = reading.read(&mut bytes) {
                if sender.send(bytes[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { keyboard, line, output, screen: vt100::Parser::new(nonzero(24), nonzero(80), 0), program }
    }

    /// Waits until the screen is so.
    fn until(&mut self, wanted: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !wanted(self.screen.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            let bytes = self.output.recv_timeout(left);
            let bytes = bytes.unwrap_or_else(|_| panic!("it stayed so:\n{}", self.screen.screen().contents()));
            self.screen.process(&bytes);
        }
    }

    fn shows(&mut self, words: &str) {
        self.until(|screen| screen.contents().contains(words));
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for the end, and sees that the terminal is as it was.
    fn ends_well(mut self) {
        assert!(self.program.wait().unwrap().success());
        self.until(|screen| !screen.alternate_screen() && !screen.hide_cursor());
        let modes = tcgetattr(&self.line).unwrap().local_modes;
        assert!(modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG), "{modes:?}");
    }
}

fn nonzero(number: u16) -> NonZero<u16> {
    NonZero::new(number).unwrap()
}

#[tokio::test]
async fn in_a_terminal_it_shows_what_is_stored_acts_by_keys_and_leaves_the_terminal_as_it_was() {
    let place = Place::filled().await;
    let mut terminal = Terminal::with(&place, &["top", "--interval", "100ms"]);
    terminal.shows("default");
    assert!(terminal.screen.screen().alternate_screen());
    terminal.press("4");
    terminal.shows("shop::Refused: connection");
    // The newest is the second that failed.
    terminal.press("r");
    terminal.shows(&format!("retry the job {}? y yes", id(2)));
    terminal.press("y");
    terminal.shows("the job is ready again");
    assert_eq!((place.state(1).await, place.state(2).await), ("failed", "ready"));
    terminal.until(|screen| !screen.contents().contains("shop::Refused"));
    terminal.press("\u{1b}[Z\u{1b}[Z\u{1b}[Z");
    terminal.shows("LATENCY");
    place.store.manage().unwrap().pause("mail").await.unwrap();
    terminal.shows("paused");
    terminal.press("q");
    terminal.ends_well();
}

#[tokio::test]
async fn a_request_to_stop_leaves_the_terminal_as_it_was() {
    let place = Place::filled().await;
    let mut terminal = Terminal::with(&place, &["top"]);
    terminal.shows("default");
    assert!(Command::new("kill").arg(terminal.program.id().to_string()).status().unwrap().success());
    terminal.ends_well();
}

#[tokio::test]
async fn a_store_that_goes_away_is_told_and_the_view_stays() {
    let place = Place::filled().await;
    let mut terminal = Terminal::with(&place, &["top", "--interval", "100ms"]);
    terminal.shows("default");
    let stranger = rusqlite::Connection::open(place.folder.path().join("jobs.db")).unwrap();
    stranger.execute_batch("ALTER TABLE jobs RENAME TO gone").unwrap();
    terminal.shows("no such table");
    assert!(terminal.screen.screen().contents().contains("default"), "what was seen last is still seen");
    stranger.execute_batch("ALTER TABLE gone RENAME TO jobs").unwrap();
    terminal.until(|screen| !screen.contents().contains("no such table"));
    terminal.press("q");
    terminal.ends_well();
}

#[tokio::test]
async fn without_a_terminal_it_says_what_to_use_instead() {
    let place = Place::new().await;
    for words in [&["top"] as &[_], &["top", "--json"]] {
        let said = place.jobs(words).refused(1);
        assert!(said.contains("`jobsctl stats --json`"), "{said}");
    }
}
