//! Links between pages lead somewhere.

use std::path::Path;

use crate::tree::{File, Tree};
use crate::violation::Violation;

/// Every relative link in Markdown whose target is not there.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.with_extension("md").flat_map(|page| violations(tree, page)).collect()
}

fn violations(tree: &Tree, page: &File) -> Vec<Violation> {
    let links =
        page.text.lines().enumerate().flat_map(|(index, line)| targets(line).map(move |link| (index + 1, link)));
    let broken = links.filter(|(_, link)| !tree.contains(&resolved(&page.path, link)));
    broken
        .map(|(line, link)| {
            Violation::new(&page.path, line, format!("`{link}` is not there"), "name the page as it is named now")
        })
        .collect()
}

/// What the relative links of a line point to, without their anchors.
pub(super) fn targets(line: &str) -> impl Iterator<Item = &str> {
    let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let links = links.chain(definition(line).map(|(_, target)| target));
    links.filter_map(|link| link.split('#').next()).filter(|link| !link.is_empty() && !link.contains(':'))
}

/// The label and the target of `[label]: target`, if the line is a definition of a link.
pub(super) fn definition(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix('[')?.split_once("]: ")
}

/// The target of a link from the root of the workspace.
fn resolved(page: &str, link: &str) -> String {
    let folder = Path::new(page).parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    #[test]
    fn links_to_pages_folders_and_sites_pass_and_one_to_nowhere_is_a_violation() {
        let text = "[a](docs/a.md#b), [c](docs), [d](https://example.org)\n[e](docs/e.md)\n";
        let files = tree(&[("README.md", text), ("docs/a.md", "[up](../README.md)\n")]);
        let words: Vec<_> = check(&files).iter().map(ToString::to_string).collect();
        assert_eq!(words.len(), 1, "{words:?}");
        assert!(words.concat().starts_with("README.md:2: `docs/e.md` is not there;"), "{words:?}");
    }

    #[test]
    fn a_definition_of_a_link_is_a_link() {
        let files = tree(&[("README.md", "[a] and [b]\n\n[a]: docs/a.md#c\n[b]: docs/b.md\n"), ("docs/a.md", "")]);
        let words: Vec<_> = check(&files).iter().map(ToString::to_string).collect();
        assert_eq!(words.len(), 1, "{words:?}");
        assert!(words.concat().starts_with("README.md:4: `docs/b.md` is not there;"), "{words:?}");
    }
}
