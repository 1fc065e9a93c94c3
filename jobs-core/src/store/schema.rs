//! The version of a store's tables, and which programs may use them.

use crate::Error;

/// The version of a store's tables: how many migration steps were applied, and how many of them a program has to know at
/// least to use the tables.
///
/// Both are in one number, so that a store changes them atomically: the steps, plus 65536 times the least. If the least
/// is 0, no older program may use the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    steps: u16,
    least: u16,
}

/// Whether a schema fits a program. Exhaustive: a store has to decide for each whether it may migrate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaStatus {
    /// Migration steps are missing.
    Outdated,
    /// The program knows exactly this schema.
    Current,
    /// A newer program has changed it, and this one may still use it. This program must not change it.
    NewerCompatible,
    /// A newer program has changed it, and this one would damage it.
    NewerIncompatible,
}

const SHIFT: u32 = 16;

impl Schema {
    /// After this many steps, for programs that know at least `least` of them.
    pub const fn new(steps: u16, least: u16) -> Self {
        Self { steps, least }
    }

    /// Reads the number; `None` if it is not one of this library.
    pub fn of(number: i32) -> Option<Self> {
        let number = u32::try_from(number).ok()?;
        let least = u16::try_from(number >> SHIFT).ok()?;
        let steps = u16::try_from(number & u32::from(u16::MAX)).ok()?;
        Some(Self { steps, least })
    }

    /// The number to store.
    pub fn number(self) -> i32 {
        let number = u32::from(self.least) << SHIFT | u32::from(self.steps);
        // No schema has so many steps that the number would be negative.
        i32::try_from(number).unwrap_or(i32::MAX)
    }

    /// How many steps were applied.
    pub const fn steps(self) -> u16 {
        self.steps
    }

    /// Whether it fits a program that knows this many steps.
    pub const fn status(self, known: u16) -> SchemaStatus {
        if self.steps < known {
            SchemaStatus::Outdated
        } else if self.steps == known {
            SchemaStatus::Current
        } else if self.least > 0 && self.least <= known {
            SchemaStatus::NewerCompatible
        } else {
            SchemaStatus::NewerIncompatible
        }
    }

    /// The error of a program that needs a newer schema and must not migrate.
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
    fn a_schema_is_one_number_and_a_foreign_number_is_recognised() {
        for (steps, least) in [(0, 0), (3, 0), (4, 2), (65_535, 32_767)] {
            assert_eq!(Schema::of(Schema::new(steps, least).number()), Some(Schema::new(steps, least)));
        }
        assert_eq!(Schema::new(3, 2).number(), 131_075);
        assert_eq!(Schema::of(-1), None);
    }

    #[test]
    fn an_older_program_continues_if_the_newer_schema_allows_it() {
        for (steps, least, standing) in [
            (0, 0, SchemaStatus::Outdated),
            (2, 2, SchemaStatus::Outdated),
            (3, 2, SchemaStatus::Current),
            (3, 9, SchemaStatus::Current),
            (4, 3, SchemaStatus::NewerCompatible),
            (9, 1, SchemaStatus::NewerCompatible),
            (4, 4, SchemaStatus::NewerIncompatible),
            (4, 0, SchemaStatus::NewerIncompatible),
        ] {
            assert_eq!(Schema::new(steps, least).status(3), standing, "{steps} {least}");
        }
    }
}
