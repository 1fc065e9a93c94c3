//! Tables with aligned columns.

use std::io::{self, Write};

use jobs_core::OneLine;
use tabwriter::TabWriter;

/// One row of a table.
pub(crate) trait Row {
    const HEAD: &'static [&'static str];

    fn cells(&self) -> Vec<String>;
}

/// The spaces between two columns.
const PADDING: usize = 2;

/// Writes the rows below their head. Cells are cut so that the lines fit into the width; without a width they stay whole.
pub(crate) fn write<T: Row>(out: impl Write, rows: &[T], width: Option<usize>) -> io::Result<()> {
    let mut table = TabWriter::new(out).padding(PADDING);
    let head: Vec<String> = T::HEAD.iter().map(|name| (*name).to_owned()).collect();
    let cells = rows.iter().map(|row| row.cells().iter().map(|cell| one_line(cell)).collect());
    let lines: Vec<Vec<String>> = [head].into_iter().chain(cells).collect();
    let widths = width.map(|width| column_widths(&lines, width));
    for line in &lines {
        let most = |column| widths.as_ref().and_then(|widths| widths.get(column).copied()).unwrap_or(usize::MAX);
        let cells: Vec<_> = line.iter().enumerate().map(|(column, cell)| cut(cell, most(column))).collect();
        writeln!(table, "{}", cells.join("\t"))?;
    }
    table.flush()
}

/// The width of the terminal that the table is written to; `None` for a file or a pipe.
pub(crate) fn terminal_width() -> Option<usize> {
    let (terminal_size::Width(width), _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width))
}

/// The widths of the columns, the widest cut first until a line fits. Ids stay whole as long as other cells can be cut.
fn column_widths(lines: &[Vec<String>], width: usize) -> Vec<usize> {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let widest =
        |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
    let mut widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
    let room = width.saturating_sub(PADDING * columns.saturating_sub(1));
    for (first, least) in [(1, 16), (1, 8), (0, 8)] {
        while widths.iter().sum::<usize>() > room {
            let Some(widest) = widths.iter_mut().skip(first).max().filter(|widest| **widest > least) else { break };
            *widest -= 1;
        }
    }
    widths
}

fn cut(cell: &str, most: usize) -> String {
    if cell.chars().count() <= most {
        return cell.to_owned();
    }
    let kept: String = cell.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// The text with each character that [`OneLine`] escapes replaced by a space. A text from a user's error must neither break the
/// table, nor send commands to the terminal, nor change how a line is read.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|character| if OneLine(character).is_escaped() { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Cells(Vec<&'static str>);

    impl Row for Cells {
        const HEAD: &'static [&'static str] = &["ID", "JOB", "ERROR"];

        fn cells(&self) -> Vec<String> {
            self.0.iter().map(|cell| (*cell).to_owned()).collect()
        }
    }

    fn lines(width: Option<usize>) -> Vec<String> {
        let rows = [Cells(vec!["01234567-0000", "send_mail", "shop::Refused: the connection was refused by the host"])];
        let mut out = Vec::new();
        write(&mut out, &rows, width).unwrap();
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_table_fits_the_width_and_keeps_the_ids_whole() {
        for width in [40, 60, 80] {
            let lines = lines(Some(width));
            assert!(lines.iter().all(|line| line.chars().count() <= width), "{lines:?}");
            assert!(lines[1].starts_with("01234567-0000  send_mail  shop::Ref"), "{lines:?}");
        }
        assert!(lines(Some(40))[1].ends_with('…'));
        assert!(lines(None)[1].ends_with("by the host"), "a file has whole lines");
    }
}
