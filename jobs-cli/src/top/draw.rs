//! Puts the view on the screen.

use jobs::{JobStats, State};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, TableState, Wrap};

use jobs::json::WholeJob;

use crate::commands::described;
use crate::output::one_line;
use crate::spans::spoken;
use crate::top::look::Look;
use crate::top::palette::Palette;
use crate::top::rates::Rates;
use crate::top::tables::table;
use crate::top::view::{Tab, View, Word};

/// With those of a list they fit into 80 columns.
const KEYS: &str = "q quit  ←→ list  ↑↓ choose  space now";

pub(crate) fn draw(frame: &mut Frame<'_>, view: &View, palette: Palette) {
    let line = Constraint::Length(1);
    let [head, counts, rates, tabs, body, word, keys] =
        Layout::vertical([line, line, line, line, Constraint::Fill(1), line, line]).areas(frame.area());
    frame.render_widget(title(view, palette), head);
    frame.render_widget(tabs_line(view), tabs);
    match &view.look {
        None => frame.render_widget(Paragraph::new("looking ..").style(Palette::QUIET), body),
        Some(look) => {
            frame.render_widget(Paragraph::new(counted(&look.stats)), counts);
            frame.render_widget(Paragraph::new(growing(&look.stats, view.rates())), rates);
            list(frame, body, view, look, palette);
        }
    }
    frame.render_widget(bottom(view, palette), word);
    let special = view.tab.keys();
    frame.render_widget(Paragraph::new(format!("{KEYS}  {special}")).style(Palette::QUIET), keys);
}

fn title(view: &View, palette: Palette) -> Paragraph<'static> {
    let mut spans = vec![Span::styled("jobs", Palette::HEAD)];
    if let Some(look) = &view.look {
        spans.push(Span::styled(format!("  {}", look.stats.at), Palette::QUIET));
    }
    if let Some(words) = &view.lost {
        spans.push(Span::styled(format!("  {}", one_line(words)), palette.bad()));
    }
    Paragraph::new(Line::from(spans))
}

fn counted(stats: &JobStats) -> String {
    let counts = State::ALL.into_iter().map(|state| (state, stats.counts.of(state)));
    // The rare ones are left away while there are none.
    let counts = counts.filter(|(state, count)| *count > 0 || !matches!(state, State::Blocked | State::Discarded));
    counts.map(|(state, count)| format!("{} {}", state.as_str(), short(count))).collect::<Vec<_>>().join("  ")
}

/// A number in five letters at most.
fn short(count: u64) -> String {
    match count {
        0..10_000 => count.to_string(),
        10_000..1_000_000 => format!("{}k", count / 1_000),
        1_000_000..10_000_000_000 => format!("{}M", count / 1_000_000),
        _ => format!("{}G", count / 1_000_000_000),
    }
}

fn growing(stats: &JobStats, rates: Option<Rates>) -> String {
    let mut words =
        vec![format!("latency {}", spoken(stats.latency())), format!("processes {}", stats.processes.len())];
    if let Some(Rates { enqueued, finished, errors }) = rates {
        words.push(format!("enqueued {enqueued:.1}/s"));
        words.push(format!("finished {finished:.1}/s"));
        words.push(format!("errors {errors:.1}/s"));
    }
    words.join("  ")
}

fn tabs_line(view: &View) -> Paragraph<'static> {
    let tabs = (1..).zip(Tab::ALL).map(|(number, tab)| {
        let style = if tab == view.tab { Palette::CHOSEN } else { Palette::QUIET };
        Span::styled(format!(" {number} {} ", tab.name()), style)
    });
    Paragraph::new(Line::from(tabs.collect::<Vec<_>>()))
}

fn list(frame: &mut Frame<'_>, area: Rect, view: &View, look: &Look, palette: Palette) {
    if let Some(seen) = view.job().filter(|_| view.is_open) {
        let whole = WholeJob::new(&seen.job, seen.arguments.clone());
        let lines = described(&whole);
        let lines = lines.lines().map(|line| Line::raw(one_line(line))).collect::<Vec<_>>();
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), area);
        return;
    }
    let mut state = TableState::default();
    if view.count() > 0 {
        state.select(Some(view.chosen));
    }
    frame.render_stateful_widget(table(view.tab, look, palette), area, &mut state);
}

fn bottom(view: &View, palette: Palette) -> Paragraph<'static> {
    if let Some(deed) = &view.asked {
        return Paragraph::new(format!("{} y yes, any other key no", one_line(&deed.question())))
            .style(palette.asking());
    }
    match &view.word {
        Word::Nothing => Paragraph::default(),
        Word::Told(words) => Paragraph::new(one_line(words)),
        Word::Complained(words) => Paragraph::new(one_line(words)).style(palette.bad()),
    }
}
