//! What is printed: tables and words for people, or JSON.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use tabwriter::TabWriter;

use crate::ending::Result;

/// The standard output, in one of two forms.
#[derive(Clone, Copy)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) const fn new(json: bool) -> Self {
        Self { json }
    }

    /// One thing: an object, or what a person reads.
    pub(crate) fn one(self, shape: &impl Serialize, spoken: impl FnOnce() -> String) -> Result<()> {
        if self.json { object(shape) } else { words(&spoken()) }
    }

    /// Many of a kind: an object a line, or a table.
    pub(crate) fn many<T: Serialize + Row>(self, shapes: &[T]) -> Result<()> {
        if self.json {
            return shapes.iter().try_for_each(object);
        }
        let mut table = TabWriter::new(io::stdout().lock()).padding(2);
        writeln!(table, "{}", T::HEAD.join("\t"))?;
        for shape in shapes {
            let cells: Vec<_> = shape.cells().iter().map(|cell| one_line(cell)).collect();
            writeln!(table, "{}", cells.join("\t"))?;
        }
        Ok(table.flush()?)
    }
}

fn object(shape: &impl Serialize) -> Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, shape)?;
    Ok(writeln!(out)?)
}

/// Words with colours, which are left away where they are not wanted.
fn words(words: &str) -> Result<()> {
    Ok(writeln!(anstream::stdout().lock(), "{words}")?)
}

/// Says on the standard error what is otherwise than somebody may think, a line each.
pub(crate) fn warn(warnings: &[String]) {
    let yellow = Style::new().fg_color(Some(AnsiColor::Yellow.into())).bold();
    for warning in warnings {
        anstream::eprintln!("{yellow}warning:{yellow:#} {warning}");
    }
}

/// Prints bytes as they are.
pub(crate) fn raw(bytes: &[u8]) -> Result<()> {
    Ok(io::stdout().lock().write_all(bytes)?)
}

/// A line of a table.
pub(crate) trait Row {
    const HEAD: &'static [&'static str];

    fn cells(&self) -> Vec<String>;
}

/// What stands in a cell may come from a user's error: it stays on its line.
pub(crate) fn one_line(cell: &str) -> String {
    cell.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}
