//! What stands on a screen of 80 columns and 24 lines, and what keys do.
//!
//! `BLESS=1` writes the expected screens anew; then read the difference.

use std::fmt::Write as _;
use std::time::Duration;

use jobs::{
    Counts, ErrorRecord, JobId, JobRecord, JobStats, Process, ProcessId, ProcessRecord, QueueRecord, State, Timestamp,
    Totals,
};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Color;

use super::act::Deed;
use super::draw::draw;
use super::look::{Look, Seen};
use super::palette::Palette;
use super::view::{Tab, View, Wish};

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_micros(1_767_225_600_000_000).after(Duration::from_secs(seconds))
}

fn id(number: u8) -> JobId {
    let mut bytes = [0; 16];
    bytes[15] = number;
    JobId::from_bytes(bytes)
}

fn job(number: u8, name: &str, state: State) -> Seen {
    let mut job = JobRecord::new(id(number), name, r#"{"to":"secret"}"#);
    (job.state, job.queue, job.enqueued_at) = (state, "mail".into(), at(0));
    Seen { job, arguments: Some(r#"{"to":"[HIDDEN]"}"#.into()) }
}

fn failed(number: u8, message: &str) -> Seen {
    let mut seen = job(number, "send_mail", State::Failed);
    let mut error = ErrorRecord::new("io::Error", message);
    (error.attempt, error.at) = (3, at(60));
    (seen.job.attempts, seen.job.errors) = (3, vec![error]);
    seen
}

fn queue(name: &str, ready: u64, seconds: u64, paused: bool) -> QueueRecord {
    QueueRecord::new(name.into(), ready, Duration::from_secs(seconds), paused)
}

fn process(number: i64, claimed: u64) -> ProcessRecord {
    let process = Process::new(ProcessId::new(number), "shop", "web-1", 4000 + u32::try_from(number).unwrap());
    ProcessRecord::new(process, at(0), at(118), claimed)
}

/// A look so many seconds after the first.
fn look(seconds: u64) -> Look {
    let mut stats = JobStats::at(at(120 + seconds));
    let mut counts = Counts::default();
    for (state, count) in
        [(State::Ready, 12_345), (State::Claimed, 3), (State::Failed, 2), (State::Finished, 4_000_000)]
    {
        counts.add(state, count);
    }
    let mut totals = Totals::default();
    (totals.enqueued, totals.finished, totals.errors) = (100 + 25 * seconds, 100 + 20 * seconds, seconds / 2);
    stats.counts = counts;
    stats.queues = vec![queue("default", 4, 2, false), queue("mail", 12_341, 75, true)];
    stats.processes = vec![process(1, 3), process(2, 0)];
    stats.totals = Some(totals);
    let mut running =
        vec![job(1, "send_mail", State::Claimed), job(2, "pay", State::Claimed), job(3, "pay", State::Claimed)];
    for seen in &mut running {
        seen.job.claimed_by = Some(ProcessId::new(1));
    }
    Look {
        stats,
        running,
        failed: vec![failed(9, "connection refused"), failed(8, "bad\u{1b}[2Jaddress\nin two lines")],
    }
}

fn seen() -> View {
    let mut view = View::default();
    view.saw(look(0));
    view.saw(look(2));
    view
}

fn pressed(view: &mut View, code: KeyCode) -> Option<Wish> {
    view.press(KeyEvent::new(code, KeyModifiers::NONE))
}

fn screen(view: &View, palette: Palette) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| draw(frame, view, palette)).unwrap();
    terminal
}

fn text(view: &View) -> String {
    let terminal = screen(view, Palette::new(true));
    let cells: Vec<_> = terminal.backend().buffer().content().chunks(80).collect();
    cells.iter().fold(String::new(), |mut text, line| {
        let line: String = line.iter().map(ratatui::buffer::Cell::symbol).collect();
        writeln!(text, "{}", line.trim_end()).unwrap();
        text
    })
}

/// Compares with the file of this name.
fn shows(view: &View, name: &str) {
    let file = format!("{}/src/top/tests/screens/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = text(view);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&file).unwrap_or_default(), "{name}");
}

#[test]
fn each_list_fits_a_small_screen() {
    let mut view = seen();
    shows(&view, "queues");
    for name in ["processes", "running", "failed"] {
        assert_eq!(pressed(&mut view, KeyCode::Right), None);
        shows(&view, name);
    }
    assert_eq!(pressed(&mut view, KeyCode::Enter), None);
    shows(&view, "details");
}

#[test]
fn before_the_first_look_and_without_a_store_it_says_so() {
    let mut view = View::default();
    shows(&view, "at_first");
    view.saw(look(0));
    view.lost("the database cannot be reached");
    view.complain("the job cannot be retried");
    shows(&view, "without_a_store");
}

#[test]
fn what_stands_in_an_error_does_not_steer_the_terminal() {
    let mut view = seen();
    pressed(&mut view, KeyCode::Char('4'));
    assert!(!text(&view).contains('\u{1b}'));
    pressed(&mut view, KeyCode::Down);
    pressed(&mut view, KeyCode::Enter);
    let shown = text(&view);
    assert!(!shown.contains('\u{1b}') && shown.contains("[HIDDEN]") && !shown.contains("secret"), "{shown}");
}

#[test]
fn a_deed_is_done_only_after_a_clear_yes() {
    let mut view = seen();
    pressed(&mut view, KeyCode::Down);
    for (no, key) in
        [(true, KeyCode::Char('n')), (true, KeyCode::Enter), (true, KeyCode::Esc), (false, KeyCode::Char('y'))]
    {
        assert_eq!(pressed(&mut view, KeyCode::Char('p')), None);
        assert!(text(&view).contains("let the queue `mail` be worked on again? y yes, any other key no"));
        let wish = pressed(&mut view, key);
        assert_eq!(wish, (!no).then(|| Wish::Do(Deed::Resume("mail".into()))));
    }
    pressed(&mut view, KeyCode::Up);
    pressed(&mut view, KeyCode::Char('p'));
    assert_eq!(pressed(&mut view, KeyCode::Char('y')), Some(Wish::Do(Deed::Pause("default".into()))));
}

#[test]
fn failed_jobs_alone_are_retried_and_discarded() {
    let mut view = seen();
    pressed(&mut view, KeyCode::Char('3'));
    pressed(&mut view, KeyCode::Char('r'));
    assert_eq!(view.asked, None, "a running job cannot be retried");
    pressed(&mut view, KeyCode::Char('4'));
    for (key, deed) in [('r', Deed::Retry(id(9))), ('d', Deed::Discard(id(9)))] {
        pressed(&mut view, KeyCode::Char(key));
        assert_eq!(pressed(&mut view, KeyCode::Char('y')), Some(Wish::Do(deed)));
    }
}

#[test]
fn what_is_chosen_stays_chosen_when_the_list_moves_and_what_was_asked_is_about_it() {
    let mut view = seen();
    pressed(&mut view, KeyCode::Char('4'));
    pressed(&mut view, KeyCode::End);
    pressed(&mut view, KeyCode::Char('d'));
    let mut next = look(3);
    next.failed.insert(0, failed(10, "a newer one"));
    view.saw(next);
    assert_eq!(view.job().unwrap().job.id, id(8));
    assert_eq!(pressed(&mut view, KeyCode::Char('y')), Some(Wish::Do(Deed::Discard(id(8)))));
    pressed(&mut view, KeyCode::Enter);
    assert!(view.is_open);
    let mut next = look(4);
    next.failed.truncate(1);
    view.saw(next);
    assert!(!view.is_open && view.chosen == 0, "another job is not shown in the place of one that is gone");
}

#[test]
fn keys_move_within_the_list_and_quit() {
    let mut view = seen();
    for (code, chosen) in [
        (KeyCode::Up, 0),
        (KeyCode::Down, 1),
        (KeyCode::Down, 1),
        (KeyCode::Home, 0),
        (KeyCode::PageDown, 1),
        (KeyCode::Char('k'), 0),
        (KeyCode::Char('j'), 1),
    ] {
        assert_eq!(pressed(&mut view, code), None);
        assert_eq!(view.chosen, chosen, "{code:?}");
    }
    assert_eq!(pressed(&mut view, KeyCode::BackTab), None);
    assert_eq!((view.tab, view.chosen), (Tab::Failed, 0));
    pressed(&mut view, KeyCode::Enter);
    assert_eq!(pressed(&mut view, KeyCode::Esc), None, "it closes the details first");
    assert_eq!(pressed(&mut view, KeyCode::Esc), Some(Wish::Quit));
    assert_eq!(pressed(&mut view, KeyCode::Char('q')), Some(Wish::Quit));
    assert_eq!(pressed(&mut view, KeyCode::Char(' ')), Some(Wish::Look));
    assert_eq!(view.press(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)), Some(Wish::Quit));
}

#[test]
fn without_colours_nothing_is_coloured() {
    let mut view = seen();
    view.lost("gone");
    view.complain("no");
    let coloured = |colours| {
        let terminal = screen(&view, Palette::new(colours));
        terminal.backend().buffer().content().iter().any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset)
    };
    assert!(coloured(true) && !coloured(false));
}

#[test]
fn a_tiny_or_huge_screen_is_drawn_too() {
    let view = seen();
    for (width, height) in [(1, 1), (10, 3), (300, 100)] {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, &view, Palette::new(true))).unwrap();
    }
}
