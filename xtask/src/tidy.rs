//! `cargo xtask tidy`: the house rules that no compiler checks, and whether each crate can be packaged.

use std::path::Path;

use crate::TaskResult;
use crate::packages;
use crate::rules;
use crate::tree::Tree;

/// Prints every violation, then one line of measures.
///
/// # Errors
/// The workspace cannot be read.
pub(crate) fn run(root: &Path) -> TaskResult {
    let tree = Tree::load(root)?;
    let mut violations: Vec<_> = rules::ALL.iter().flat_map(|rule| rule(&tree)).collect();
    violations.sort();
    for violation in &violations {
        println!("{violation}");
    }
    println!("{}; {} violations", measures(&tree), violations.len());
    Ok(packages::check(root)? && violations.is_empty())
}

fn measures(tree: &Tree) -> String {
    let files = tree.sources().iter().map(crate::source::Source::len).collect();
    let functions = tree.sources().iter().flat_map(crate::functions::functions).map(|function| function.length);
    let functions: Vec<_> = functions.collect();
    let count = functions.len();
    format!(
        "{} Rust files, median {} lines; {count} functions, median {} lines",
        tree.sources().len(),
        median(files),
        median(functions)
    )
}

fn median(mut numbers: Vec<usize>) -> usize {
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert_eq!(median(vec![9, 1, 5]), 5);
        assert_eq!(median(vec![]), 0);
    }
}
