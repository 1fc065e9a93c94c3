//! The few things that rules ask of a `Cargo.toml`.

/// The names under `[dependencies]`; those for tests and builds are not among them.
pub(crate) fn dependencies(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut within = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            within = line == "[dependencies]";
            if let Some(name) = line.strip_prefix("[dependencies.").and_then(|rest| rest.strip_suffix(']')) {
                found.push((index + 1, name.to_owned()));
            }
        } else if within && !line.is_empty() && !line.starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            found.push((index + 1, name.to_owned()));
        }
    }
    found
}

/// The name of the package.
pub(crate) fn package(text: &str) -> Option<&str> {
    let (_, section) = text.split_once("[package]")?;
    let line = section.lines().find(|line| line.starts_with("name"))?;
    line.split('"').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[package]\nname = \"a\"\n\n[dependencies]\n# why\nb.workspace = true\nc = { path = \"c\" }\n\n\
                        [dev-dependencies]\nd = \"1\"\n\n[dependencies.e]\nversion = \"1\"\n";

    #[test]
    fn dependencies_of_all_forms_are_found_and_those_of_tests_are_not() {
        let names: Vec<_> = dependencies(TEXT).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["b", "c", "e"]);
    }

    #[test]
    fn the_package_is_named() {
        assert_eq!(package(TEXT), Some("a"));
    }
}
