//! Where functions begin and end.

use crate::source::Source;

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// The line of its `fn`, from 1.
    pub(crate) line: usize,
    /// Lines from `fn` to the closing brace.
    pub(crate) length: usize,
}

/// All functions of a file that have a body, those within others too.
pub(crate) fn functions(source: &Source) -> Vec<Function> {
    let code: Vec<&str> = source.code().map(|(_, line)| line).collect();
    source.code().filter_map(|(number, line)| function(number, line, code.get(number - 1..)?)).collect()
}

fn function(line: usize, text: &str, from_here: &[&str]) -> Option<Function> {
    let (at, name) = declared(text)?;
    let length = body_length(at, from_here)?;
    Some(Function { name: name.to_owned(), line, length })
}

/// The name after `fn` in a line of code, and where the `fn` is.
pub(crate) fn declared(line: &str) -> Option<(usize, &str)> {
    let at = if line.starts_with("fn ") { 0 } else { line.find(" fn ")? + 1 };
    let rest = line.get(at + 3..)?;
    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (!name.is_empty()).then_some((at, name))
}

/// Lines to the brace that closes the body; `None` if there is no body.
fn body_length(start: usize, lines: &[&str]) -> Option<usize> {
    let (mut round, mut curly) = (0_i32, 0_i32);
    for (index, line) in lines.iter().enumerate() {
        let line = if index == 0 { line.get(start..)? } else { line };
        for c in line.chars() {
            match c {
                '(' | '[' => round += 1,
                ')' | ']' => round -= 1,
                '{' => curly += 1,
                '}' => curly -= 1,
                ';' if curly == 0 && round == 0 => return None,
                _ => continue,
            }
            if c == '}' && curly == 0 {
                return Some(index + 1);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, usize, usize)> {
        let found = functions(&Source::new("a.rs", text));
        found.into_iter().map(|function| (function.name, function.line, function.length)).collect()
    }

    #[test]
    fn a_function_is_as_long_as_from_fn_to_its_brace() {
        let text = "#[a]\npub(crate) async fn a(b: [u8; 3])\nwhere\n    B: C,\n{\n    if d { \"}\" } else { '}' }\n}\n";
        assert_eq!(of(text), [("a".to_owned(), 2, 6)]);
    }

    #[test]
    fn a_function_without_a_body_does_not_count() {
        assert_eq!(of("trait A {\n    fn a(&self);\n    fn b() {}\n}\n"), [("b".to_owned(), 3, 1)]);
    }

    #[test]
    fn the_type_of_a_function_is_no_function() {
        assert_eq!(of("type A = fn(u8) -> u8;\nstruct B { c: fn() }\n"), []);
    }
}
