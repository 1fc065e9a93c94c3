//! How far the tables of a store have grown, and which programs may work on them.

use crate::Error;

/// What a store notes about its tables: how many steps of migration were taken, and how many steps a program has to know
/// at least to work on them.
///
/// Both are in one number, so that a store changes them at once: the steps, and 65536 times the least. A store that notes
/// only its steps lets no older program work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    steps: u16,
    least: u16,
}

/// How a schema stands to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Steps are outstanding.
    Older,
    /// The program knows it.
    Known,
    /// A newer program has changed it, and this one may go on. It is not to be changed.
    Newer,
    /// A newer program has changed it so that this one would do harm.
    TooNew,
}

const SHIFT: u32 = 16;

impl Schema {
    /// After so many steps, for programs that know `least` of them.
    pub const fn new(steps: u16, least: u16) -> Self {
        Self { steps, least }
    }

    /// What the number means; `None` if it is none of ours.
    pub fn of(number: i32) -> Option<Self> {
        let number = u32::try_from(number).ok()?;
        let least = u16::try_from(number >> SHIFT).ok()?;
        let steps = u16::try_from(number & u32::from(u16::MAX)).ok()?;
        Some(Self { steps, least })
    }

    /// The number to note.
    pub fn number(self) -> i32 {
        let number = u32::from(self.least) << SHIFT | u32::from(self.steps);
        // No schema has as many steps as would make it negative.
        i32::try_from(number).unwrap_or(i32::MAX)
    }

    /// How many steps were taken.
    pub const fn steps(self) -> u16 {
        self.steps
    }

    /// How it stands to a program that knows so many steps.
    pub const fn standing(self, known: u16) -> Standing {
        if self.steps < known {
            Standing::Older
        } else if self.steps == known {
            Standing::Known
        } else if self.least > 0 && self.least <= known {
            Standing::Newer
        } else {
            Standing::TooNew
        }
    }

    /// The error of whoever was not to change an older one.
    pub fn is_outdated(self, known: u16) -> Error {
        Error::invalid(match self.steps {
            0 => "there are no tables of `jobs` yet: run `jobsctl migrate`, which makes them".to_owned(),
            steps => format!(
                "the tables of `jobs` are those of schema {steps}, and this program needs {known}: run `jobsctl migrate`, \
                 which brings them up to date"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_one_number_and_what_is_none_of_ours_is_told() {
        for (steps, least) in [(0, 0), (3, 0), (4, 2), (65_535, 32_767)] {
            assert_eq!(Schema::of(Schema::new(steps, least).number()), Some(Schema::new(steps, least)));
        }
        assert_eq!(Schema::new(3, 2).number(), 131_075);
        assert_eq!(Schema::of(-1), None);
    }

    #[test]
    fn an_older_program_goes_on_if_the_newer_schema_says_so() {
        for (steps, least, standing) in [
            (0, 0, Standing::Older),
            (2, 2, Standing::Older),
            (3, 2, Standing::Known),
            (3, 9, Standing::Known),
            (4, 3, Standing::Newer),
            (9, 1, Standing::Newer),
            (4, 4, Standing::TooNew),
            (4, 0, Standing::TooNew),
        ] {
            assert_eq!(Schema::new(steps, least).standing(3), standing, "{steps} {least}");
        }
    }
}
