//! Tables with aligned columns.

use std::io::{self, Write};

use jobs_core::OneLine;
use tabwriter::TabWriter;

/// One row of a table.
pub(crate) trait Row {
    const HEAD: &'static [&'static str];

    fn cells(&self) -> Vec<String>;
}

pub(crate) fn write<T: Row>(out: impl Write, rows: &[T]) -> io::Result<()> {
    let mut table = TabWriter::new(out).padding(2);
    writeln!(table, "{}", T::HEAD.join("\t"))?;
    for row in rows {
        let cells: Vec<_> = row.cells().iter().map(|cell| one_line(cell)).collect();
        writeln!(table, "{}", cells.join("\t"))?;
    }
    table.flush()
}

/// The text with each character that [`OneLine`] escapes replaced by a space. A text from a user's error must neither break the
/// table, nor send commands to the terminal, nor change how a line is read.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|character| if OneLine(character).is_escaped() { ' ' } else { character }).collect()
}
