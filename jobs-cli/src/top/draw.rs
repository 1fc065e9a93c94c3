//! Draws the view on the screen.

use jobs::State;
use jobs::json::WholeJob;
use jobs::store::JobStats;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, TableState, Wrap};

use crate::output::{format_duration, job_details, one_line};
use crate::top::palette::Palette;
use crate::top::rates::Rates;
use crate::top::snapshot::Snapshot;
use crate::top::tables::table;
use crate::top::view::{StatusLine, Tab, View};

/// The help text for the keys of all lists. With the keys of a list it fits into 80 columns.
const KEYS: &str = "q quit  ←→ list  ↑↓ row  space refresh";

pub(crate) fn draw(frame: &mut Frame<'_>, view: &View, palette: Palette) {
    let line = Constraint::Length(1);
    let [head, counts, rates, tabs, body, status, keys] =
        Layout::vertical([line, line, line, line, Constraint::Fill(1), line, line]).areas(frame.area());
    frame.render_widget(title(view, palette), head);
    frame.render_widget(tabs_line(view), tabs);
    match &view.snapshot {
        None => frame.render_widget(Paragraph::new("loading ..").style(Palette::QUIET), body),
        Some(snapshot) => {
            frame.render_widget(Paragraph::new(counts_text(&snapshot.stats)), counts);
            frame.render_widget(Paragraph::new(rates_text(&snapshot.stats, view.rates())), rates);
            list(frame, body, view, snapshot, palette);
        }
    }
    frame.render_widget(status_line(view, palette), status);
    let tab_keys = view.tab.keys();
    frame.render_widget(Paragraph::new(format!("{KEYS}  {tab_keys}")).style(Palette::QUIET), keys);
}

fn title(view: &View, palette: Palette) -> Paragraph<'static> {
    let mut spans = vec![Span::styled("jobs", Palette::HEAD)];
    if let Some(snapshot) = &view.snapshot {
        spans.push(Span::styled(format!("  {}", snapshot.stats.at), Palette::QUIET));
    }
    if let Some(error) = &view.store_error {
        spans.push(Span::styled(format!("  {}", one_line(error)), palette.error()));
    }
    Paragraph::new(Line::from(spans))
}

fn counts_text(stats: &JobStats) -> String {
    let counts = State::ALL.into_iter().map(|state| (state, stats.counts.of(state)));
    // The rare states are hidden while they have no jobs.
    let counts = counts.filter(|(state, count)| *count > 0 || !matches!(state, State::Blocked | State::Discarded));
    counts.map(|(state, count)| format!("{} {}", state.as_str(), short(count))).collect::<Vec<_>>().join("  ")
}

/// A number with at most five characters.
fn short(count: u64) -> String {
    match count {
        0..10_000 => count.to_string(),
        10_000..1_000_000 => format!("{}k", count / 1_000),
        1_000_000..10_000_000_000 => format!("{}M", count / 1_000_000),
        _ => format!("{}G", count / 1_000_000_000),
    }
}

fn rates_text(stats: &JobStats, rates: Option<Rates>) -> String {
    let mut parts =
        vec![format!("latency {}", format_duration(stats.latency())), format!("processes {}", stats.processes.len())];
    if let Some(Rates { enqueued, finished, errors }) = rates {
        parts.push(format!("enqueued {enqueued:.1}/s"));
        parts.push(format!("finished {finished:.1}/s"));
        parts.push(format!("errors {errors:.1}/s"));
    }
    parts.join("  ")
}

fn tabs_line(view: &View) -> Paragraph<'static> {
    let tabs = (1..).zip(Tab::ALL).map(|(number, tab)| {
        let style = if tab == view.tab { Palette::SELECTED } else { Palette::QUIET };
        Span::styled(format!(" {number} {} ", tab.name()), style)
    });
    Paragraph::new(Line::from(tabs.collect::<Vec<_>>()))
}

fn list(frame: &mut Frame<'_>, area: Rect, view: &View, snapshot: &Snapshot, palette: Palette) {
    if let Some(shown) = view.selected_job().filter(|_| view.details_open) {
        let details = job_details(&WholeJob::new(&shown.job, shown.arguments.clone()), &snapshot.process_names());
        let lines = details.lines().map(|line| Line::raw(one_line(line))).collect::<Vec<_>>();
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), area);
        return;
    }
    let mut state = TableState::default();
    if view.row_count() > 0 {
        state.select(Some(view.selected));
    }
    frame.render_stateful_widget(table(view.tab, snapshot, palette), area, &mut state);
}

fn status_line(view: &View, palette: Palette) -> Paragraph<'static> {
    if let Some(action) = &view.unconfirmed {
        return Paragraph::new(format!("{} y yes, any other key no", one_line(&action.question())))
            .style(palette.attention());
    }
    match &view.status {
        StatusLine::Empty => Paragraph::default(),
        StatusLine::Message(text) => Paragraph::new(one_line(text)),
        StatusLine::Error(text) => Paragraph::new(one_line(text)).style(palette.error()),
    }
}
