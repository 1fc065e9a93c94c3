//! Tests of filtering, paging and choosing, and of terminals of any width.

use jobs::State;
use jobs::store::{Cursor, JobStats};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::KeyCode;

use super::{at, id, loaded, pressed, pressed_and_read, snapshot_of, text};
use crate::top::actions::Action;
use crate::top::draw::draw;
use crate::top::keys::KeyEffect;
use crate::top::list_filter::ListFilter;
use crate::top::palette::Palette;
use crate::top::snapshot::Snapshot;
use crate::top::tab::Tab;
use crate::top::view::View;

fn typed(view: &mut View, text: &str) {
    for letter in text.chars() {
        assert_eq!(pressed(view, KeyCode::Char(letter)), None);
    }
}

fn of_width(view: &View, width: u16) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(width, 24)).unwrap();
    terminal.draw(|frame| draw(frame, view, Palette::new(true))).unwrap();
    let cells = terminal.backend().buffer().content().chunks(usize::from(width));
    cells.map(|line| line.iter().map(ratatui::buffer::Cell::symbol).collect()).collect()
}

#[test]
fn a_filter_is_typed_and_read_from_the_store() {
    let mut view = loaded();
    pressed(&mut view, KeyCode::Char('/'));
    assert_eq!(view.tab, Tab::Jobs, "queues cannot be filtered");
    typed(&mut view, "state=ready queue=mail send_mail");
    assert!(text(&view).contains("filter: state=ready queue=mail send_mail_"));
    let before = view.request();
    pressed(&mut view, KeyCode::Enter);
    assert_ne!(view.request(), before, "the jobs are read again");
    assert_eq!(view.request().filter.to_text(), "state=ready queue=mail name=send_mail");
    assert!(text(&view).contains("loading .."));
    view.show_snapshot(Snapshot { jobs: Some(Vec::new()), ..snapshot_of(Tab::Jobs, 3) });
    assert!(text(&view).contains("no job matches the filter"), "{}", text(&view));
    pressed_and_read(&mut view, KeyCode::Char('4'));
    assert_eq!(view.request().filter.to_text(), "queue=mail name=send_mail", "these jobs have failed");
}

#[test]
fn a_filter_that_is_misspelt_changes_nothing_and_says_why() {
    let mut view = loaded();
    for (wrong, why) in [
        ("staet=failed", "`staet` is no condition; there are state=, queue= and name="),
        ("state=faild", "`faild` is no state"),
        ("queue=", "`queue=` needs a value"),
        ("send_mail pay", "`pay` is a second condition of its kind"),
    ] {
        pressed(&mut view, KeyCode::Char('/'));
        typed(&mut view, wrong);
        pressed(&mut view, KeyCode::Enter);
        assert!(text(&view).contains(why), "{wrong}: {}", text(&view));
        pressed(&mut view, KeyCode::Backspace);
        assert!(view.input.is_some(), "it can be mended");
        pressed(&mut view, KeyCode::Esc);
        assert_eq!((&view.input, &view.filter), (&None, &ListFilter::default()));
    }
}

#[test]
fn chosen_jobs_are_changed_together_after_one_question() {
    let mut view = loaded();
    pressed_and_read(&mut view, KeyCode::Char('4'));
    typed(&mut view, "xx");
    assert!(text(&view).contains("2 jobs chosen") && text(&view).contains("× send_mail"), "{}", text(&view));
    pressed(&mut view, KeyCode::Char('r'));
    assert!(text(&view).contains("retry 2 jobs? y yes"), "{}", text(&view));
    assert_eq!(pressed(&mut view, KeyCode::Char('n')), None);
    pressed(&mut view, KeyCode::Char('d'));
    let both = vec![id(9), id(8)];
    assert_eq!(pressed(&mut view, KeyCode::Char('y')), Some(KeyEffect::Perform(Action::Discard(both))));
    assert!(view.chosen.is_empty(), "the next action is not about them");
}

#[test]
fn all_jobs_of_a_page_are_chosen_and_only_those_are_changed_that_can_be() {
    let mut view = loaded();
    pressed_and_read(&mut view, KeyCode::Char('5'));
    pressed(&mut view, KeyCode::Char('a'));
    assert_eq!(view.chosen.len(), 5);
    pressed(&mut view, KeyCode::Char('d'));
    assert_eq!(view.unconfirmed, Some(Action::Discard(vec![id(9), id(8)])), "the others run");
    pressed(&mut view, KeyCode::Esc);
    let mut next = snapshot_of(Tab::Jobs, 3);
    next.jobs.as_mut().unwrap().remove(0);
    view.show_snapshot(next);
    assert_eq!(view.chosen.len(), 4, "a job that is gone is no longer chosen");
    pressed(&mut view, KeyCode::Char('a'));
    assert!(view.chosen.is_empty());
}

#[test]
fn a_running_job_can_only_be_cancelled() {
    let mut view = loaded();
    pressed_and_read(&mut view, KeyCode::Char('3'));
    pressed(&mut view, KeyCode::Char('d'));
    assert!(text(&view).contains("a job that is claimed cannot be discarded"), "{}", text(&view));
    pressed(&mut view, KeyCode::Char('c'));
    assert_eq!(view.unconfirmed, Some(Action::Cancel(vec![id(1)])));
}

#[test]
fn a_running_attempt_is_one_more_than_those_counted_only_where_they_are_counted_at_their_failure() {
    let mut view = loaded();
    pressed(&mut view, KeyCode::Char('3'));
    for (counts_at_claim, attempt) in [(true, "1"), (false, "2")] {
        view.show_snapshot(Snapshot { counts_at_claim, ..snapshot_of(Tab::Running, 3) });
        let shown = text(&view);
        let line = shown.lines().find(|line| line.starts_with("send_mail")).unwrap();
        assert_eq!(line.split_whitespace().nth(2), Some(attempt), "{shown}");
    }
}

#[test]
fn long_lists_have_pages() {
    let mut view = loaded();
    pressed_and_read(&mut view, KeyCode::Char('5'));
    assert!(!text(&view).contains("page 1"), "there is one page");
    let next = Cursor::from(id(7));
    view.show_snapshot(Snapshot { next: Some(next.clone()), ..snapshot_of(Tab::Jobs, 3) });
    assert!(text(&view).contains("page 1, n next"), "{}", text(&view));
    pressed(&mut view, KeyCode::Char('n'));
    assert_eq!(view.request().after, Some(next));
    view.show_snapshot(Snapshot { jobs: Some(Vec::new()), ..snapshot_of(Tab::Jobs, 4) });
    assert!(text(&view).contains("there are no further jobs; b goes back"), "{}", text(&view));
    pressed(&mut view, KeyCode::Char('b'));
    assert_eq!(view.request().after, None);
}

#[test]
fn an_empty_store_says_so_in_each_list() {
    let mut view = View::default();
    view.show_snapshot(Snapshot { stats: JobStats::at(at(0)), jobs: Some(Vec::new()), ..Snapshot::default() });
    for (key, words) in [
        ('1', "no queue has jobs"),
        ('2', "no process runs jobs"),
        ('3', "no job runs"),
        ('4', "no job has failed"),
        ('5', "there are no jobs"),
    ] {
        pressed(&mut view, KeyCode::Char(key));
        view.show_snapshot(Snapshot { stats: JobStats::at(at(0)), jobs: Some(Vec::new()), ..Snapshot::default() });
        assert!(text(&view).contains(words), "{}", text(&view));
    }
}

#[test]
fn each_list_fits_any_width() {
    let mut view = loaded();
    for (key, heads) in [('1', "READY"), ('2', "JOBS"), ('3', "ENQUEUED"), ('4', "LAST ERROR"), ('5', "STATE")] {
        pressed(&mut view, KeyCode::Char(key));
        view.show_snapshot(snapshot_of(view.tab, 3));
        for width in [32, 40, 60, 80, 200] {
            let lines = of_width(&view, width);
            assert!(lines.iter().any(|line| line.contains(heads)), "{width}: {lines:#?}");
            assert!(lines.iter().any(|line| line.contains(view.tab.name())), "{width}: {lines:#?}");
            let all = lines.join(" ");
            for state in [State::Scheduled, State::Failed, State::Finished] {
                assert!(all.contains(state.as_str()), "{width}: {lines:#?}");
            }
            assert!(all.contains("errors "), "the figures go on in a further line, {width}: {lines:#?}");
        }
    }
}

#[test]
fn the_keys_are_explained() {
    let mut view = loaded();
    pressed(&mut view, KeyCode::Char('?'));
    let shown = text(&view);
    assert!(shown.contains("choose the job for an action") && shown.contains("quit"), "{shown}");
    assert_eq!(pressed(&mut view, KeyCode::Char('q')), None, "a key closes them");
    assert!(text(&view).contains("QUEUE"));
}
