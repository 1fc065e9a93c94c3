//! Compares screens of 80 columns and 24 lines with files, and tests the keys.
//!
//! `BLESS=1` writes the expected screens again; review the difference then.

mod lists;

use std::fmt::Write as _;
use std::time::Duration;

use jobs::store::{Counts, ErrorRecord, JobRecord, JobStats, Process, ProcessId, ProcessRecord, QueueRecord, Totals};
use jobs::{JobId, State, Timestamp};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Color;

use super::actions::Action;
use super::draw::draw;
use super::keys::KeyEffect;
use super::palette::Palette;
use super::snapshot::{ShownJob, Snapshot};
use super::tab::Tab;
use super::view::View;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_micros(1_767_225_600_000_000) + Duration::from_secs(seconds)
}

fn id(number: u8) -> JobId {
    let mut bytes = [0; 16];
    bytes[15] = number;
    JobId::from_bytes(bytes)
}

fn job(number: u8, name: &str, state: State) -> ShownJob {
    let mut job = JobRecord::new(id(number), name, r#"{"to":"secret"}"#);
    (job.state, job.queue, job.enqueued_at) = (state, "mail".into(), at(0));
    ShownJob { job, arguments: Some(r#"{"to":"[HIDDEN]"}"#.into()) }
}

fn failed(number: u8, message: &str) -> ShownJob {
    let mut shown = job(number, "send_mail", State::Failed);
    let mut error = ErrorRecord::new("io::Error", message);
    (error.attempt, error.at) = (3, at(60));
    (shown.job.attempts, shown.job.errors) = (3, vec![error]);
    shown
}

fn queue(name: &str, ready: u64, seconds: u64, paused: bool) -> QueueRecord {
    QueueRecord::new(name.into(), ready, Duration::from_secs(seconds), paused)
}

fn process(number: i64, claimed: u64) -> ProcessRecord {
    let process = Process::new(ProcessId::new(number), "shop", "web-1", 4000 + u32::try_from(number).unwrap());
    ProcessRecord::new(process, at(0), at(118), claimed)
}

/// The snapshot this many seconds after the first one.
fn snapshot(seconds: u64) -> Snapshot {
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
    Snapshot { stats, jobs: None, next: None, counts_at_claim: true }
}

/// The same with the jobs of a list.
fn snapshot_of(tab: Tab, seconds: u64) -> Snapshot {
    let mut running =
        vec![job(1, "send_mail", State::Claimed), job(2, "pay", State::Claimed), job(3, "pay", State::Claimed)];
    for shown in &mut running {
        (shown.job.claimed_by, shown.job.attempts) = (Some(ProcessId::new(1)), 1);
    }
    let failed = vec![failed(9, "connection refused"), failed(8, "bad\u{1b}[2Jaddress\nin two lines")];
    let jobs = match tab {
        Tab::Queues => None,
        Tab::Processes | Tab::Running => Some(running),
        Tab::Failed => Some(failed),
        Tab::Jobs => Some(failed.into_iter().chain(running).collect()),
    };
    Snapshot { jobs, ..snapshot(seconds) }
}

fn loaded() -> View {
    let mut view = View::default();
    view.show_snapshot(snapshot(0));
    view.show_snapshot(snapshot(2));
    view
}

fn pressed(view: &mut View, code: KeyCode) -> Option<KeyEffect> {
    view.handle_key(KeyEvent::new(code, KeyModifiers::NONE))
}

/// Presses a key that shows another list, which is read then.
fn pressed_and_read(view: &mut View, code: KeyCode) {
    assert_eq!(pressed(view, code), None);
    view.show_snapshot(snapshot_of(view.tab, 2));
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

/// Compares the screen with the file of this name.
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
    let mut view = loaded();
    shows(&view, "queues");
    for name in ["processes", "running", "failed", "jobs"] {
        pressed_and_read(&mut view, KeyCode::Right);
        shows(&view, name);
    }
    pressed_and_read(&mut view, KeyCode::Left);
    assert_eq!(pressed(&mut view, KeyCode::Enter), None);
    shows(&view, "details");
}

#[test]
fn the_view_says_that_it_loads_and_that_the_store_is_unreachable() {
    let mut view = View::default();
    shows(&view, "loading");
    view.show_snapshot(snapshot(0));
    view.show_store_error("the database cannot be reached");
    view.show_error("the job cannot be retried");
    shows(&view, "store_error");
}

#[test]
fn the_text_of_an_error_cannot_control_the_terminal() {
    let mut view = loaded();
    pressed_and_read(&mut view, KeyCode::Char('4'));
    assert!(!text(&view).contains('\u{1b}'));
    pressed(&mut view, KeyCode::Down);
    pressed(&mut view, KeyCode::Enter);
    let shown = text(&view);
    assert!(!shown.contains('\u{1b}') && shown.contains("[HIDDEN]") && !shown.contains("secret"), "{shown}");
}

#[test]
fn an_action_is_performed_only_after_the_key_y() {
    let mut view = loaded();
    pressed(&mut view, KeyCode::Down);
    for (no, key) in
        [(true, KeyCode::Char('n')), (true, KeyCode::Enter), (true, KeyCode::Esc), (false, KeyCode::Char('y'))]
    {
        assert_eq!(pressed(&mut view, KeyCode::Char('p')), None);
        assert!(text(&view).contains("resume the queue `mail`? y yes, any other key no"));
        let effect = pressed(&mut view, key);
        assert_eq!(effect, (!no).then(|| KeyEffect::Perform(Action::Resume("mail".into()))));
    }
    pressed(&mut view, KeyCode::Up);
    pressed(&mut view, KeyCode::Char('p'));
    assert_eq!(pressed(&mut view, KeyCode::Char('y')), Some(KeyEffect::Perform(Action::Pause("default".into()))));
}

#[test]
fn only_failed_jobs_can_be_retried_and_discarded() {
    let mut view = loaded();
    pressed_and_read(&mut view, KeyCode::Char('3'));
    pressed(&mut view, KeyCode::Char('r'));
    assert_eq!(view.unconfirmed, None, "a running job cannot be retried");
    pressed_and_read(&mut view, KeyCode::Char('4'));
    for (key, action) in [('r', Action::Retry(vec![id(9)])), ('d', Action::Discard(vec![id(9)]))] {
        pressed(&mut view, KeyCode::Char(key));
        assert_eq!(pressed(&mut view, KeyCode::Char('y')), Some(KeyEffect::Perform(action)));
    }
}

#[test]
fn the_selection_and_an_unconfirmed_action_stay_on_their_job_when_the_list_changes() {
    let mut view = loaded();
    pressed_and_read(&mut view, KeyCode::Char('4'));
    pressed(&mut view, KeyCode::End);
    pressed(&mut view, KeyCode::Char('d'));
    let mut next = snapshot_of(Tab::Failed, 3);
    next.jobs.as_mut().unwrap().insert(0, failed(10, "a newer one"));
    view.show_snapshot(next);
    assert_eq!(view.selected_job().unwrap().job.id, id(8));
    assert_eq!(pressed(&mut view, KeyCode::Char('y')), Some(KeyEffect::Perform(Action::Discard(vec![id(8)]))));
    pressed(&mut view, KeyCode::Enter);
    assert!(view.details_open);
    let mut next = snapshot_of(Tab::Failed, 4);
    next.jobs.as_mut().unwrap().truncate(1);
    view.show_snapshot(next);
    assert!(
        !view.details_open && view.selected == 0,
        "the details of a job that is gone are not replaced by those of another"
    );
}

#[test]
fn keys_select_rows_and_quit() {
    let mut view = loaded();
    for (code, selected) in [
        (KeyCode::Up, 0),
        (KeyCode::Down, 1),
        (KeyCode::Down, 1),
        (KeyCode::Home, 0),
        (KeyCode::PageDown, 1),
        (KeyCode::Char('k'), 0),
        (KeyCode::Char('j'), 1),
    ] {
        assert_eq!(pressed(&mut view, code), None);
        assert_eq!(view.selected, selected, "{code:?}");
    }
    pressed_and_read(&mut view, KeyCode::BackTab);
    assert_eq!((view.tab, view.selected), (Tab::Jobs, 0));
    pressed(&mut view, KeyCode::Enter);
    assert_eq!(pressed(&mut view, KeyCode::Esc), None, "it closes the details first");
    assert_eq!(pressed(&mut view, KeyCode::Esc), Some(KeyEffect::Quit));
    assert_eq!(pressed(&mut view, KeyCode::Char('q')), Some(KeyEffect::Quit));
    assert_eq!(pressed(&mut view, KeyCode::Char(' ')), Some(KeyEffect::Refresh));
    assert_eq!(view.handle_key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)), Some(KeyEffect::Quit));
}

#[test]
fn without_colours_nothing_is_coloured() {
    let mut view = loaded();
    view.show_store_error("gone");
    view.show_error("no");
    let coloured = |colours| {
        let terminal = screen(&view, Palette::new(colours));
        terminal.backend().buffer().content().iter().any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset)
    };
    assert!(coloured(true) && !coloured(false));
}

#[test]
fn tiny_and_huge_screens_are_drawn() {
    let view = loaded();
    for (width, height) in [(1, 1), (10, 3), (300, 100)] {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, &view, Palette::new(true))).unwrap();
    }
}
