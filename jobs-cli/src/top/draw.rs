//! Draws the view on the screen.

use jobs::State;
use jobs::json::WholeJob;
use jobs::store::JobStats;
use jobs_core::counted;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, TableState, Wrap};

use crate::output::{format_duration, job_details, one_line};
use crate::top::keys::KEYS;
use crate::top::list_filter::ListFilter;
use crate::top::palette::Palette;
use crate::top::rates::Rates;
use crate::top::snapshot::Snapshot;
use crate::top::tab::Tab;
use crate::top::tables::table;
use crate::top::view::{StatusLine, View};

/// The help text for the keys of all lists. With the keys of a list it fits into 80 columns.
const LINE_KEYS: &str = "? keys  q quit  ←→ list";

pub(crate) fn draw(frame: &mut Frame<'_>, view: &View, palette: Palette) {
    let width = usize::from(frame.area().width);
    let stats = view.snapshot.as_ref().map(|snapshot| &snapshot.stats);
    let counts = stats.map_or_else(|| vec![String::new()], |stats| wrapped(&counts(stats), width));
    let rates = stats.map_or_else(|| vec![String::new()], |stats| wrapped(&rates(stats, view.rates()), width));
    let figures: Vec<_> = counts.into_iter().chain(rates).map(Line::raw).collect();
    let line = Constraint::Length(1);
    let height = Constraint::Length(u16::try_from(figures.len()).unwrap_or(2));
    let [head, top, tabs, body, message, keys] =
        Layout::vertical([line, height, line, Constraint::Fill(1), line, line]).areas(frame.area());
    frame.render_widget(title(view, palette), head);
    frame.render_widget(Paragraph::new(figures), top);
    frame.render_widget(tabs_line(view, width), tabs);
    match &view.snapshot {
        _ if view.help_open => frame.render_widget(help(), body),
        None => frame.render_widget(Paragraph::new("loading ..").style(Palette::QUIET), body),
        Some(snapshot) => list(frame, body, view, snapshot, palette),
    }
    frame.render_widget(status_line(view, palette), message);
    let tab_keys = view.tab.keys();
    frame.render_widget(Paragraph::new(format!("{LINE_KEYS}  {tab_keys}")).style(Palette::QUIET), keys);
}

/// The parts on as few lines of this width as they fit on.
fn wrapped(parts: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut().filter(|line| line.chars().count() + 2 + part.chars().count() <= width) {
            Some(line) => *line = format!("{line}  {part}"),
            None => lines.push(part.clone()),
        }
    }
    lines
}

fn help() -> Paragraph<'static> {
    let widest = KEYS.iter().map(|(keys, _)| keys.chars().count()).max().unwrap_or(0);
    let lines = KEYS.map(|(keys, action)| Line::raw(format!("{keys:widest$}  {action}")));
    Paragraph::new(lines.to_vec()).wrap(Wrap { trim: false })
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

fn counts(stats: &JobStats) -> Vec<String> {
    let counts = State::ALL.into_iter().map(|state| (state, stats.counts.of(state)));
    // The rare states are hidden while they have no jobs.
    let counts = counts.filter(|(state, count)| *count > 0 || !matches!(state, State::Blocked | State::Discarded));
    counts.map(|(state, count)| format!("{} {}", state.as_str(), short(count))).collect()
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

fn rates(stats: &JobStats, rates: Option<Rates>) -> Vec<String> {
    let mut parts =
        vec![format!("latency {}", format_duration(stats.latency())), format!("processes {}", stats.processes.len())];
    if let Some(Rates { enqueued, finished, errors }) = rates {
        parts.push(format!("enqueued {enqueued:.1}/s"));
        parts.push(format!("finished {finished:.1}/s"));
        parts.push(format!("errors {errors:.1}/s"));
    }
    parts
}

/// The names of all lists, or of the visible one where they do not fit; then which jobs the list shows.
fn tabs_line(view: &View, width: usize) -> Paragraph<'static> {
    let names: usize = Tab::ALL.iter().map(|tab| tab.name().len() + 4).sum();
    let tabs = (1..).zip(Tab::ALL).map(|(number, tab)| {
        let style = if tab == view.tab { Palette::SELECTED } else { Palette::QUIET };
        let name = if width >= names || tab == view.tab { format!("{} ", tab.name()) } else { String::new() };
        Span::styled(format!(" {number} {name}"), style)
    });
    let part = part(view).map(|text| Span::raw(format!("  {}", one_line(&text))));
    Paragraph::new(Line::from(tabs.chain(part).collect::<Vec<_>>()))
}

/// Which part of its jobs the list shows, if there are more: its filter, and its page.
fn part(view: &View) -> Option<String> {
    let filter = view.tab.filter(&view.filter).to_text();
    let has_next = view.snapshot.as_ref().is_some_and(|snapshot| snapshot.next.is_some());
    let is_paged = view.tab.has_jobs() && (has_next || !view.pages.is_empty());
    let page = is_paged.then(|| {
        let more = if has_next { ", n next" } else { "" };
        format!("page {}{more}", view.pages.len() + 1)
    });
    let parts: Vec<_> = [Some(filter).filter(|text| !text.is_empty()), page].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("  "))
}

fn list(frame: &mut Frame<'_>, area: Rect, view: &View, snapshot: &Snapshot, palette: Palette) {
    if let Some(shown) = view.selected_job().filter(|_| view.details_open) {
        let details = job_details(&WholeJob::new(&shown.job, shown.arguments.clone()), &snapshot.process_names());
        let lines = details.lines().map(|line| Line::raw(one_line(line))).collect::<Vec<_>>();
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), area);
        return;
    }
    if view.row_count() == 0 {
        frame.render_widget(
            Paragraph::new(empty(view, snapshot)).style(Palette::QUIET).wrap(Wrap { trim: false }),
            area,
        );
        return;
    }
    let mut state = TableState::default().with_selected(Some(view.selected));
    frame.render_stateful_widget(table(view, snapshot, palette, area.width), area, &mut state);
}

/// The text in place of a list without rows.
fn empty(view: &View, snapshot: &Snapshot) -> &'static str {
    let is_filtered = view.tab.filter(&view.filter) != ListFilter::default();
    match () {
        () if view.tab.has_jobs() && snapshot.jobs.is_none() => "loading ..",
        () if snapshot.next.is_some() => "no job of those that were looked at; n looks at further ones",
        () if is_filtered => "no job matches the filter; / changes it",
        () if !view.pages.is_empty() => "there are no further jobs; b goes back",
        () => view.tab.empty(),
    }
}

fn status_line(view: &View, palette: Palette) -> Paragraph<'static> {
    if let (Some(input), StatusLine::Empty) = (&view.input, &view.status) {
        return Paragraph::new(format!("filter: {}_", one_line(input))).style(palette.attention());
    }
    if let Some(action) = &view.unconfirmed {
        return Paragraph::new(format!("{} y yes, any other key no", one_line(&action.question())))
            .style(palette.attention());
    }
    match &view.status {
        StatusLine::Empty if !view.chosen.is_empty() => {
            Paragraph::new(format!("{} chosen", counted(view.chosen.len() as u64, "job")))
        }
        StatusLine::Empty => Paragraph::default(),
        StatusLine::Message(text) => Paragraph::new(one_line(text)),
        StatusLine::Error(text) => Paragraph::new(one_line(text)).style(palette.error()),
    }
}
