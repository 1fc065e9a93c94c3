//! `top`, in a real terminal of 80 columns and 24 lines.

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

use crate::fixture::{TestDir, id};

/// A terminal that runs the program.
struct Terminal {
    keyboard: File,
    /// The end that the program has too, to check in which state the program leaves the terminal.
    program_end: OwnedFd,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    program: Child,
}

const TIMEOUT: Duration = Duration::from_secs(20);

impl Terminal {
    fn with(dir: &TestDir, args: &[&str]) -> Self {
        let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&near).unwrap();
        unlockpt(&near).unwrap();
        let name = ptsname(&near, Vec::new()).unwrap();
        let program_end = open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        tcsetwinsize(&near, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let mut command = dir.command(env!("CARGO_BIN_EXE_jobs").into(), args);
        let end = || program_end.try_clone().unwrap();
        command.stdin(end()).stdout(end()).stderr(end()).env("TERM", "xterm-256color");
        let program = command.spawn().unwrap();
        let keyboard = File::from(near);
        let mut reader = keyboard.try_clone().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { keyboard, program_end, output, screen: vt100::Parser::new(nonzero(24), nonzero(80), 0), program }
    }

    /// Waits until the screen fulfils the condition.
    fn until(&mut self, wanted: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + TIMEOUT;
        while !wanted(self.screen.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            let bytes = self.output.recv_timeout(left);
            let bytes =
                bytes.unwrap_or_else(|_| panic!("the screen still shows:\n{}", self.screen.screen().contents()));
            self.screen.process(&bytes);
        }
    }

    fn shows(&mut self, text: &str) {
        self.until(|screen| screen.contents().contains(text));
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for the end of the program, and checks that the terminal is restored.
    fn exits_and_restores(mut self) {
        assert!(self.program.wait().unwrap().success());
        self.until(|screen| !screen.alternate_screen() && !screen.hide_cursor());
        let modes = tcgetattr(&self.program_end).unwrap().local_modes;
        assert!(modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG), "{modes:?}");
    }
}

fn nonzero(number: u16) -> NonZero<u16> {
    NonZero::new(number).unwrap()
}

#[tokio::test]
async fn top_shows_the_store_reacts_to_keys_and_restores_the_terminal() {
    let dir = TestDir::filled().await;
    let mut terminal = Terminal::with(&dir, &["top", "--interval", "100ms"]);
    terminal.shows("default");
    assert!(terminal.screen.screen().alternate_screen());
    terminal.press("4");
    terminal.shows("shop::Refused: connection");
    // The second failed job is the newest one and comes first.
    terminal.press("r");
    terminal.shows(&format!("retry the job {}? y yes", id(2)));
    terminal.press("y");
    terminal.shows("the job is ready again");
    assert_eq!((dir.state(1).await, dir.state(2).await), ("failed", "ready"));
    terminal.until(|screen| !screen.contents().contains("shop::Refused"));
    terminal.press("\u{1b}[Z\u{1b}[Z\u{1b}[Z");
    terminal.shows("LATENCY");
    dir.store.manage().unwrap().pause("mail").await.unwrap();
    terminal.shows("paused");
    terminal.press("q");
    terminal.exits_and_restores();
}

#[tokio::test]
async fn a_signal_restores_the_terminal() {
    let dir = TestDir::filled().await;
    let mut terminal = Terminal::with(&dir, &["top"]);
    terminal.shows("default");
    assert!(Command::new("kill").arg(terminal.program.id().to_string()).status().unwrap().success());
    terminal.exits_and_restores();
}

#[tokio::test]
async fn an_error_of_the_store_is_shown_and_the_view_continues() {
    let dir = TestDir::filled().await;
    let mut terminal = Terminal::with(&dir, &["top", "--interval", "100ms"]);
    terminal.shows("default");
    let database = rusqlite::Connection::open(dir.folder.path().join("jobs.db")).unwrap();
    database.execute_batch("ALTER TABLE jobs RENAME TO gone").unwrap();
    terminal.shows("no such table");
    assert!(terminal.screen.screen().contents().contains("default"), "the last snapshot is still shown");
    database.execute_batch("ALTER TABLE gone RENAME TO jobs").unwrap();
    terminal.until(|screen| !screen.contents().contains("no such table"));
    terminal.press("q");
    terminal.exits_and_restores();
}

#[tokio::test]
async fn without_a_terminal_the_error_names_the_alternative() {
    let dir = TestDir::new().await;
    for args in [&["top"] as &[_], &["top", "--json"]] {
        let output = dir.jobs(args).refused(1);
        assert!(output.contains("`jobsctl stats --json`"), "{output}");
    }
}
