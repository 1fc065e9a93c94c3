//! Tables with aligned columns.

use std::io::{self, Write};

use jobs_core::OneLine;
use tabwriter::TabWriter;
use unicode_width::UnicodeWidthChar;

/// One row of a table.
pub(crate) trait Row {
    const HEAD: &'static [&'static str];

    /// The columns that are never cut: what other commands take, and what is short.
    const WHOLE: &'static [usize] = &[0];

    /// The columns that are left out of a table that is still too wide for the terminal, the first of them first.
    const LEFT_OUT: &'static [usize] = &[];

    fn cells(&self) -> Vec<String>;
}

/// The spaces between two columns.
const PADDING: usize = 2;

/// To how many characters the widest cells are cut, first of all and before columns are left out.
const LEAST_WIDTHS: [usize; 2] = [16, 8];

/// A column that is shown: its index, and the most that a cell of it takes.
type Column = (usize, usize);

/// Writes the rows below their head. Cells are cut so that the lines fit into the width; without a width they stay whole. Returns
/// the columns that are left out.
pub(crate) fn write<T: Row>(out: impl Write, rows: &[T], width: Option<usize>) -> io::Result<Vec<&'static str>> {
    let mut table = TabWriter::new(out).padding(PADDING);
    let head: Vec<String> = T::HEAD.iter().map(|name| (*name).to_owned()).collect();
    let cells = rows.iter().map(|row| row.cells().iter().map(|cell| one_line(cell)).collect());
    let lines: Vec<Vec<String>> = [head].into_iter().chain(cells).collect();
    let columns = columns::<T>(&lines, width.unwrap_or(usize::MAX));
    for line in &lines {
        let cells: Vec<_> = columns.iter().filter_map(|(column, most)| Some(cut(line.get(*column)?, *most))).collect();
        writeln!(table, "{}", cells.join("\t"))?;
    }
    table.flush()?;
    let is_shown = |index: usize| columns.iter().any(|(column, _)| *column == index);
    let names = T::HEAD.iter().enumerate().filter(|(index, _)| !is_shown(*index));
    Ok(names.map(|(_, name)| *name).collect())
}

/// The width of the terminal that the table is written to; `None` for a file or a pipe.
pub(crate) fn terminal_width() -> Option<usize> {
    let (terminal_size::Width(width), _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width))
}

/// The columns to show. If even the fewest columns, cut, do not fit, the lines are longer than the width.
fn columns<T: Row>(lines: &[Vec<String>], width: usize) -> Vec<Column> {
    let widest = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| columns_of(cell)).max();
    let all: Vec<Column> = (0..T::HEAD.len()).map(|column| (column, widest(column).unwrap_or(0))).collect();
    let mut shown = fitted(all.clone(), T::WHOLE, width);
    for count in 1..=T::LEFT_OUT.len() {
        if line_width(&shown) <= width {
            break;
        }
        let left_out = T::LEFT_OUT.iter().take(count);
        let rest = all.iter().filter(|(column, _)| !left_out.clone().any(|out| out == column)).copied();
        shown = fitted(rest.collect(), T::WHOLE, width);
    }
    shown
}

/// The columns with the widest of them cut until a line fits, or none can be cut any more.
fn fitted(mut columns: Vec<Column>, whole: &[usize], width: usize) -> Vec<Column> {
    for least in LEAST_WIDTHS {
        while line_width(&columns) > width {
            let cuttable = columns.iter_mut().filter(|(column, most)| !whole.contains(column) && *most > least);
            let Some((_, widest)) = cuttable.max_by_key(|(_, most)| *most) else { break };
            *widest -= 1;
        }
    }
    columns
}

fn line_width(columns: &[Column]) -> usize {
    let padding = PADDING * columns.len().saturating_sub(1);
    columns.iter().fold(padding, |sum, (_, width)| sum.saturating_add(*width))
}

/// How many columns of a terminal a text takes. As [`TabWriter`] counts them: a letter of Chinese takes two.
fn columns_of(text: &str) -> usize {
    text.chars().map(columns_of_character).sum()
}

fn columns_of_character(character: char) -> usize {
    character.width().unwrap_or(0)
}

fn cut(cell: &str, most: usize) -> String {
    if columns_of(cell) <= most {
        return cell.to_owned();
    }
    let mut room = most.saturating_sub(1);
    let fits = |character: &char| {
        let rest = room.checked_sub(columns_of_character(*character));
        room = rest.unwrap_or(0);
        rest.is_some()
    };
    let kept: String = cell.chars().take_while(fits).collect();
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

    fn lines<T: Row>(rows: &[T], width: Option<usize>) -> Vec<String> {
        let mut out = Vec::new();
        let _left_out = write(&mut out, rows, width).unwrap();
        String::from_utf8(out).unwrap().lines().map(|line| line.trim_end().to_owned()).collect()
    }

    #[test]
    fn a_table_fits_the_width_and_keeps_the_ids_whole() {
        let rows = [Cells(vec!["01234567-0000", "send_mail", "shop::Refused: the connection was refused by the host"])];
        for width in [40, 60, 80] {
            let lines = lines(&rows, Some(width));
            assert!(lines.iter().all(|line| columns_of(line) <= width), "{lines:?}");
            assert!(lines[1].starts_with("01234567-0000  send_mail  shop::Ref"), "{lines:?}");
        }
        assert!(lines(&rows, Some(40))[1].ends_with('…'));
        assert!(lines(&rows, None)[1].ends_with("by the host"), "a file has whole lines");
    }

    #[test]
    fn wide_letters_are_measured_and_cut_by_the_columns_that_they_take() {
        let rows = [
            Cells(vec!["漢字-0001", "send_mail", "漢字漢字漢字漢字漢字漢字漢字"]),
            Cells(vec!["01234567-0000", "漢字漢字", "shop::Refused: the connection was refused by the host"]),
        ];
        for width in 34..60 {
            let lines = lines(&rows, Some(width));
            assert!(lines.iter().all(|line| columns_of(line) <= width), "{width} {lines:?}");
            assert!(lines[1].starts_with("漢字-0001      send_mail  漢字"), "{width} {lines:?}");
            assert!(lines[2].starts_with("01234567-0000  漢字漢字   shop"), "{width} {lines:?}");
        }
    }

    struct Job(Vec<&'static str>);

    impl Row for Job {
        const HEAD: &'static [&'static str] = &["ID", "JOB", "QUEUE", "STATE", "ENQUEUED", "LAST ERROR"];
        const WHOLE: &'static [usize] = &[0, 3, 4];
        const LEFT_OUT: &'static [usize] = &[5, 2];

        fn cells(&self) -> Vec<String> {
            self.0.iter().map(|cell| (*cell).to_owned()).collect()
        }
    }

    #[test]
    fn ids_states_and_times_stay_whole_and_the_last_columns_are_left_out() {
        const ID: &str = "0196a1b2-c3d4-7000-8000-0123456789ab";
        let error = "shop::Refused: the connection was refused by the host";
        let rows = [Job(vec![ID, "send_newsletter", "newsletters", "discarded (12)", "in 23h 59m", error])];
        for width in [20, 70, 80, 100, 130] {
            let lines = lines(&rows, Some(width));
            assert!(width < 76 || lines.iter().all(|line| columns_of(line) <= width), "{width} {lines:?}");
            let row = &lines[1];
            assert!(row.starts_with(ID) && row.contains("  discarded (12)  in 23h 59m"), "{width} {lines:?}");
            assert_eq!(lines[0].contains("  LAST ERROR"), width >= 100, "{width} {lines:?}");
            assert_eq!(lines[0].contains("  QUEUE"), width > 80, "{width} {lines:?}");
        }
    }
}
