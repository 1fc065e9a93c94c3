//! How a schedule with a surprising meaning is treated: refused, or read as Ruby's `fugit` reads it.

use crate::schedule::ScheduleError;

/// Who reads a schedule, and what surprised the reader.
#[derive(Debug)]
pub(crate) enum Dialect {
    /// Our own files and attributes: a text that other systems read in different ways is refused.
    Own,
    /// Files of Ruby projects: the text means what `fugit` makes of it. Collects what may surprise.
    Ruby(Vec<String>),
}

impl Dialect {
    pub(crate) const fn is_ruby(&self) -> bool {
        matches!(self, Self::Ruby(_))
    }

    /// Refuses a text with a surprising meaning with `advice`, or notes what `fugit` makes of it.
    pub(crate) fn surprise(
        &mut self,
        advice: impl Into<String>,
        meaning: impl Into<String>,
    ) -> Result<(), ScheduleError> {
        match self {
            Self::Own => Err(ScheduleError::new(advice)),
            Self::Ruby(notes) => {
                notes.push(meaning.into());
                Ok(())
            }
        }
    }
}
