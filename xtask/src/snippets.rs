//! Programs in Markdown that are the text of a file of this repository.
//!
//! `<!-- examples/hello.rs -->` on the line before a fence means: the block is that file.
//! `<!-- part of examples/hello.rs -->` means: the block stands in that file, line by line.

/// A fenced block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The line of the opening fence, from 1.
    pub(crate) line: usize,
    /// What stands behind the opening fence, as `rust`.
    pub(crate) language: String,
    /// The file it comes from, if it says so.
    pub(crate) origin: Option<Origin>,
    /// Its text.
    pub(crate) text: String,
}

/// Where a block comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The file.
    pub(crate) path: String,
    /// Whether the block is only a part of it.
    pub(crate) is_part: bool,
}

impl Block {
    /// Whether it shows Rust, ignored or not.
    pub(crate) fn is_rust(&self) -> bool {
        self.language == "rust" || self.language.starts_with("rust,")
    }
}

/// The fenced blocks of a page.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    let mut above = "";
    for (index, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), open.as_mut()) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(language), None) => {
                let language = language.trim().to_owned();
                open = Some(Block { line: index + 1, language, origin: origin(above), text: String::new() });
            }
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
        if !line.trim().is_empty() {
            above = line;
        }
    }
    found
}

fn origin(line: &str) -> Option<Origin> {
    let words = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let (path, is_part) = words.strip_prefix("part of ").map_or((words, false), |path| (path, true));
    let is_path = !path.contains(' ') && path.contains('.');
    is_path.then(|| Origin { path: path.to_owned(), is_part })
}

/// A file as a page shows it: without the lines that say what the file is.
pub(crate) fn program(file: &str) -> &str {
    let mut rest = file;
    while rest.starts_with("//!") {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest.trim()
}

/// The page with each block that is a whole file replaced by what `read` gives for that file.
pub(crate) fn refreshed(page: &str, read: impl Fn(&str) -> Option<String>) -> String {
    let mut page = page.to_owned();
    for block in blocks(&page.clone()) {
        let Some(origin) = block.origin.filter(|origin| !origin.is_part) else { continue };
        let Some(text) = read(&origin.path) else { continue };
        let head = format!("```{}\n", block.language);
        page = page.replacen(&format!("{head}{}```", block.text), &format!("{head}{}\n```", program(&text)), 1);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A\n\n<!-- examples/a.rs -->\n```rust\nfn old() {}\n```\n\n```sh\nls\n```\n";

    #[test]
    fn a_block_knows_its_origin_its_language_and_its_line() {
        let found = blocks(PAGE);
        let first = found.first().expect("the page has two blocks");
        assert_eq!(first.origin, Some(Origin { path: "examples/a.rs".to_owned(), is_part: false }));
        assert_eq!((first.line, first.language.as_str(), first.text.as_str()), (4, "rust", "fn old() {}\n"));
        assert_eq!(found.get(1).and_then(|block| block.origin.clone()), None);
    }

    #[test]
    fn a_part_says_so() {
        let found = blocks("<!-- part of a.rs -->\n\n```rust\nlet a = 1;\n```\n");
        assert_eq!(
            found.first().and_then(|block| block.origin.clone()),
            Some(Origin { path: "a.rs".to_owned(), is_part: true })
        );
    }

    #[test]
    fn a_refreshed_page_has_the_present_text() {
        let page = refreshed(PAGE, |path| (path == "examples/a.rs").then(|| "//! It is.\n\nfn new() {}\n".to_owned()));
        assert_eq!(page, PAGE.replace("old", "new"));
    }
}
