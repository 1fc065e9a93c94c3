//! The modules of a crate and which of them use each other, read from the tokens of its files.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::source::Source;

/// The path of a module below the root of its crate; empty for the root itself.
pub(crate) type Module = Vec<String>;

/// The modules of one crate, each with the modules that it uses.
pub(crate) struct Modules {
    files: BTreeMap<Module, String>,
    uses: BTreeMap<Module, BTreeSet<Module>>,
}

impl Modules {
    /// Reads the files of `crate_folder`; files of tests and of programs in `src/bin` are left out.
    pub(crate) fn of<'a>(crate_folder: &str, sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let src = format!("{crate_folder}/src/");
        let mut files = BTreeMap::new();
        let mut paths = BTreeMap::new();
        for source in sources {
            let Some(module) = source.path().strip_prefix(&src).and_then(module) else { continue };
            files.insert(module.clone(), source.path().to_owned());
            paths.insert(module, Paths::of(&source.lines().join("\n")));
        }
        let uses = paths.iter().map(|(module, own)| (module.clone(), used(module, own, &paths))).collect();
        Self { files, uses }
    }

    /// The sets of modules that import each other in a loop, largest first, each as the paths of its files.
    pub(crate) fn rings(&self) -> Vec<Vec<&str>> {
        let reached: BTreeMap<_, _> = self.uses.keys().map(|module| (module, self.reachable(module))).collect();
        let mut rings = BTreeSet::new();
        for (module, far) in &reached {
            let back = far.iter().filter(|other| reached.get(*other).is_some_and(|others| others.contains(*module)));
            let ring: Vec<&str> = back.filter_map(|other| self.files.get(*other).map(String::as_str)).collect();
            if ring.len() > 1 {
                rings.insert(ring);
            }
        }
        let mut rings: Vec<_> = rings.into_iter().collect();
        rings.sort_by_key(|ring| std::cmp::Reverse(ring.len()));
        rings
    }

    fn reachable<'a>(&'a self, from: &'a Module) -> BTreeSet<&'a Module> {
        let (mut seen, mut left) = (BTreeSet::new(), vec![from]);
        while let Some(module) = left.pop() {
            let next = self.uses.get(module).into_iter().flatten();
            left.extend(next.filter(|module| seen.insert(*module)));
        }
        seen
    }
}

/// The module of a file below `src`.
fn module(path: &str) -> Option<Module> {
    let mut parts: Module = path.strip_suffix(".rs")?.split('/').map(str::to_owned).collect();
    if parts.first().is_some_and(|part| part == "bin") {
        return None;
    }
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    Some(parts)
}

/// The modules that `module` uses. A module uses neither those above nor those below it: they are its own.
fn used(module: &[String], own: &Paths, all: &BTreeMap<Module, Paths>) -> BTreeSet<Module> {
    let absolute = own.used.iter().map(|path| path.from(module));
    let found = absolute.filter_map(|path| resolve(&path, all, 0));
    found.filter(|other| !module.starts_with(other) && !other.starts_with(module)).collect()
}

/// The module in which the item at `path` is defined; re-exports are followed.
fn resolve(path: &[String], all: &BTreeMap<Module, Paths>, depth: usize) -> Option<Module> {
    // A chain of re-exports longer than this does not occur; the bound ends loops of `pub use`.
    const LONGEST_CHAIN: usize = 8;
    let (module, rest) = (0..=path.len())
        .rev()
        .find_map(|cut| Some((path.get(..cut)?, path.get(cut..)?)).filter(|(module, _)| all.contains_key(*module)))?;
    let exported = rest.first().and_then(|name| all.get(module)?.exported.get(name));
    match exported.filter(|_| depth < LONGEST_CHAIN) {
        Some(target) => {
            let mut target = target.from(module);
            target.extend_from_slice(rest.get(1..).unwrap_or_default());
            resolve(&target, all, depth + 1)
        }
        None => Some(module.to_vec()),
    }
}

/// A path as it is written: from the root of the crate, or from some levels above the module.
#[derive(Clone, Debug, PartialEq, Eq)]
struct WrittenPath {
    /// `None` for `crate::`, otherwise how many times `super::`; 0 for a path from the module itself.
    levels_up: Option<usize>,
    names: Vec<String>,
}

impl WrittenPath {
    fn from(&self, module: &[String]) -> Module {
        let kept = self.levels_up.map_or(0, |levels| module.len().saturating_sub(levels));
        module.iter().take(kept).chain(&self.names).cloned().collect()
    }
}

/// What one file uses and re-exports.
#[derive(Default)]
struct Paths {
    used: Vec<WrittenPath>,
    exported: BTreeMap<String, WrittenPath>,
}

impl Paths {
    /// A file that is not Rust uses nothing; the compiler reports it.
    fn of(text: &str) -> Self {
        let mut paths = Self::default();
        if let Ok(tokens) = text.parse::<TokenStream>() {
            paths.read(tokens);
        }
        paths
    }

    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += match token {
                TokenTree::Punct(_) if is_test_module(&tokens, at) => 5,
                TokenTree::Ident(word) if word == "pub" => self.read_export(&tokens, at),
                TokenTree::Ident(word) if word == "crate" || word == "super" => self.read_use(&tokens, at),
                TokenTree::Group(group) => {
                    self.read(group.stream());
                    1
                }
                _ => 1,
            };
        }
    }

    /// Notes a path that begins at `at`; gives how many tokens it takes at least.
    fn read_use(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        self.used.extend(trees(tokens.get(at..).unwrap_or_default(), &[]).iter().map(|names| written(names)));
        // Of `super::super::` the second is no path of its own.
        let rest = tokens.get(at..).unwrap_or_default();
        rest.iter()
            .take_while(|token| is_word(token, "super") || is_word(token, "crate") || is_colon(token))
            .count()
            .max(1)
    }

    /// Notes what `pub use` at `at` re-exports; its own `crate::` paths are read as uses afterwards.
    fn read_export(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let scoped = usize::from(matches!(tokens.get(at + 1), Some(TokenTree::Group(_))));
        if !tokens.get(at + 1 + scoped).is_some_and(|token| is_word(token, "use")) {
            return 1;
        }
        let start = at + 2 + scoped;
        for names in trees(tokens.get(start..).unwrap_or_default(), &[]) {
            if let Some(last) = names.last() {
                self.exported.insert(last.clone(), written(&names));
            }
        }
        2 + scoped
    }
}

/// Whether `#[cfg(test)] mod name { .. }` begins at `at`.
fn is_test_module(tokens: &[TokenTree], at: usize) -> bool {
    let attribute = matches!(tokens.get(at + 1), Some(TokenTree::Group(group)) if group.stream().to_string().replace(' ', "") == "cfg(test)");
    attribute
        && tokens.get(at + 2).is_some_and(|token| is_word(token, "mod"))
        && matches!(tokens.get(at + 4), Some(TokenTree::Group(_)))
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

/// All paths of the tree that begins here, as `a::{b, c::d}` has two.
fn trees(tokens: &[TokenTree], prefix: &[String]) -> Vec<Vec<String>> {
    let mut names = prefix.to_vec();
    let mut rest = tokens;
    loop {
        match rest {
            [TokenTree::Ident(name), tail @ ..] => {
                names.push(name.to_string());
                rest = tail;
            }
            [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Brace && names.len() > prefix.len() => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let parts = inner.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
                return parts.filter(|part| !part.is_empty()).flat_map(|part| trees(part, &names)).collect();
            }
            _ => return vec![names],
        }
        match rest {
            [one, two, tail @ ..] if is_colon(one) && is_colon(two) => rest = tail,
            _ => return vec![names],
        }
    }
}

/// The path behind these words.
fn written(names: &[String]) -> WrittenPath {
    let levels = names.iter().take_while(|name| *name == "super").count();
    match names.first().map(String::as_str) {
        Some("crate") => WrittenPath { levels_up: None, names: names.get(1..).unwrap_or_default().to_vec() },
        Some("self") => WrittenPath { levels_up: Some(0), names: names.get(1..).unwrap_or_default().to_vec() },
        _ => WrittenPath { levels_up: Some(levels), names: names.get(levels..).unwrap_or_default().to_vec() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rings(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
        let modules = Modules::of("a", &sources);
        modules.rings().into_iter().map(|ring| ring.into_iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn two_files_that_use_each_other_are_a_ring() {
        let files =
            [("a/src/b.rs", "use crate::c::C;"), ("a/src/c.rs", "fn f(b: super::b::B) {}"), ("a/src/lib.rs", "mod b;")];
        assert_eq!(rings(&files), [["a/src/b.rs", "a/src/c.rs"]]);
    }

    #[test]
    fn a_re_export_does_not_hide_an_edge() {
        let files = [
            ("a/src/b.rs", "use crate::C;"),
            ("a/src/c.rs", "use crate::{b::{self, B}, d};"),
            ("a/src/lib.rs", "pub use c::{C, D}; pub use b::B;"),
        ];
        assert_eq!(rings(&files), [["a/src/b.rs", "a/src/c.rs"]]);
    }

    #[test]
    fn tests_comments_and_parents_make_no_ring() {
        let files = [
            ("a/src/b/mod.rs", "mod c; use c::C; // crate::d::D\n#[cfg(test)]\nmod tests { use crate::d::D; }"),
            ("a/src/b/c.rs", "use super::B;"),
            ("a/src/d.rs", "use crate::b::B;"),
        ];
        assert_eq!(rings(&files), [[""; 0]; 0]);
    }
}
