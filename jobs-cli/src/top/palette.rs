//! The colours of the view, if colours are wanted.

use ratatui::style::{Color, Modifier, Style};

/// The styles of the view. Without colours, text differs only by bold, dim and reversed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    colours: bool,
}

impl Palette {
    pub(crate) const HEAD: Style = Style::new().add_modifier(Modifier::BOLD);
    pub(crate) const SELECTED: Style = Style::new().add_modifier(Modifier::REVERSED);
    pub(crate) const QUIET: Style = Style::new().add_modifier(Modifier::DIM);

    pub(crate) const fn new(colours: bool) -> Self {
        Self { colours }
    }

    /// With colours, unless `NO_COLOR` has a value.
    pub(crate) fn from_env() -> Self {
        Self::new(std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()))
    }

    pub(crate) const fn error(self) -> Style {
        self.coloured(Color::Red).add_modifier(Modifier::BOLD)
    }

    pub(crate) const fn attention(self) -> Style {
        self.coloured(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    const fn coloured(self, colour: Color) -> Style {
        if self.colours { Style::new().fg(colour) } else { Style::new() }
    }
}
