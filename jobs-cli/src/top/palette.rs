//! Colours, or none.

use ratatui::style::{Color, Modifier, Style};

/// How things are set apart. Without colours by weight alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    colours: bool,
}

impl Palette {
    pub(crate) const HEAD: Style = Style::new().add_modifier(Modifier::BOLD);
    pub(crate) const CHOSEN: Style = Style::new().add_modifier(Modifier::REVERSED);
    pub(crate) const QUIET: Style = Style::new().add_modifier(Modifier::DIM);

    pub(crate) const fn new(colours: bool) -> Self {
        Self { colours }
    }

    /// With colours unless `NO_COLOR` is set to something.
    pub(crate) fn of_environment() -> Self {
        Self::new(std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()))
    }

    pub(crate) const fn bad(self) -> Style {
        self.coloured(Color::Red).add_modifier(Modifier::BOLD)
    }

    pub(crate) const fn asking(self) -> Style {
        self.coloured(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    const fn coloured(self, colour: Color) -> Style {
        if self.colours { Style::new().fg(colour) } else { Style::new() }
    }
}
