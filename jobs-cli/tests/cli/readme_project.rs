//! The program of the README, with the dependencies of the README, is built and run word for word.

use std::fs;
use std::path::Path;

use crate::new_project::run;

const PAGE: &str = include_str!("../../../README.md");

/// Where the README says that the sources are.
const SOURCES: &str = "\"../jobs";

/// The first block of the page in this language.
fn block(language: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```\n").unwrap().0
}

#[test]
fn the_program_and_the_dependencies_of_the_readme_build_and_print_what_it_says() {
    // Always the same folder, since cargo would keep the build of each other one.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let _missing = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let dependencies = block("toml");
    assert_eq!(dependencies.matches(SOURCES).count(), 2, "{dependencies}");
    let dependencies = dependencies.replace(SOURCES, &format!("\"{}", sources.display()));
    // The folder is inside this workspace, but the package is not a member of it.
    let package = "[package]\nname = \"readme\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n";
    fs::write(folder.join("Cargo.toml"), format!("{package}{dependencies}")).unwrap();
    // The same versions as in the workspace, so that nothing is downloaded.
    fs::copy(sources.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::write(folder.join("src/main.rs"), block("rust,no_run")).unwrap();

    let printed = run(env!("CARGO"), &folder, &["run", "--offline", "--quiet"]).done();
    let expected = block("text");
    let lines: Vec<_> = printed.lines().zip(expected.lines()).collect();
    assert_eq!(lines.len(), 2, "{printed}");
    assert!(lines[0].0.starts_with("enqueued ") && lines[0].1.starts_with("enqueued "), "{printed}");
    assert_eq!(lines[1].0, lines[1].1);
}

/// In the registry `jobs` is a crate of other people. A project of `jobsctl new`, as that of the page on production, has the
/// path already, so that `cargo add` keeps it.
#[test]
fn no_page_adds_a_crate_of_that_name_from_the_registry() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let pages = fs::read_dir(sources.join("src/guide")).unwrap().map(|page| page.unwrap().path());
    for page in pages.chain([sources.join("README.md")]).filter(|page| page.extension().is_some_and(|end| end == "md"))
    {
        for line in fs::read_to_string(&page).unwrap().lines() {
            let adds = line.contains("cargo add jobs") && !line.contains("--path") && !page.ends_with("production.md");
            let names = line.starts_with("jobs") && (line.contains("= \"0") || line.contains("version ="));
            let installs = line.contains("cargo install jobs") && !line.contains("--path");
            assert!(!adds && !names && !installs, "{}: {line}", page.display());
        }
    }
}
