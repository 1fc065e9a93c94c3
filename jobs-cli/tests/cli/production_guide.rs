//! Follows the guide's page `production`: runs each command, writes each file, and compares the output with the page.
//!
//! Two commands are changed, so that nothing is downloaded and nothing is built twice: `cargo install` does nothing, and
//! `cargo` builds offline and without `--release`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use jobs_testing::skip;

const PAGE: &str = include_str!("../../../src/guide/production.md");

/// How often a command is repeated until it prints what the page says: the background process needs time.
const MAX_REPEATS: usize = 300;

/// The script that replaces `cargo`.
const CARGO_SCRIPT: &str = r#"#!/bin/sh
[ "$1" = install ] && exit 0
verb=$1; shift
for word in "$@"; do shift; [ "$word" = --release ] || set -- "$@" "$word"; done
CARGO_TARGET_DIR=$BUILT/.. "$REAL_CARGO" "$verb" --offline "$@" || exit
[ "$verb" != build ] || { mkdir -p target/release && cp "$BUILT/shop" target/release; }
"#;

/// The script that replaces `jobsctl`. The project is inside this workspace but not a member of it, and uses the versions
/// that the workspace has locked.
const JOBSCTL_SCRIPT: &str = r#"#!/bin/sh
[ "$1" = new ] || exec "$REAL_JOBS" "$@"
"$REAL_JOBS" "$@" || exit
printf '\n[workspace]\n' >> "$2/Cargo.toml"
cp "$CHECKOUT/Cargo.lock" "$2"
"#;

/// A shell in a folder of its own.
struct Terminal {
    shell: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    folder: PathBuf,
}

impl Terminal {
    fn open(folder: PathBuf, postgres: Option<&str>) -> Self {
        let bin = folder.join("bin");
        fs::create_dir_all(&bin).unwrap();
        for (name, script) in [("cargo", CARGO_SCRIPT), ("jobsctl", JOBSCTL_SCRIPT)] {
            fs::write(bin.join(name), script).unwrap();
            assert!(Command::new("chmod").arg("+x").arg(bin.join(name)).status().unwrap().success());
        }
        let jobs = Path::new(env!("CARGO_BIN_EXE_jobsctl"));
        let built = jobs.parent().unwrap();
        let mut shell = Command::new("bash");
        shell.arg("-m").current_dir(&folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        for variable in ["JOBS_URL", "JOBS_ENV", "JOBS_CONFIG", "CARGO_TARGET_DIR"] {
            shell.env_remove(variable);
        }
        shell
            .env("PATH", format!("{}:{}", bin.display(), std::env::var("PATH").unwrap()))
            .env("REAL_CARGO", env!("CARGO"))
            .env("REAL_JOBS", jobs)
            .env("BUILT", built)
            .env("CHECKOUT", Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
            .env("POSTGRES", postgres.unwrap_or_default());
        let mut shell = shell.spawn().unwrap();
        let (input, output) = (shell.stdin.take().unwrap(), BufReader::new(shell.stdout.take().unwrap()));
        Self { shell, input, output, folder }
    }

    /// Runs a command, and returns its exit status and what it printed.
    fn run(&mut self, command: &str) -> (String, String) {
        let printed = self.folder.join("printed");
        let line = match command.strip_suffix(" &") {
            // A background process writes to its own file.
            Some(left) => format!("{left} >> {}.background 2>&1 &", printed.display()),
            None => format!("{{ {command}; }} > {} 2>&1", printed.display()),
        };
        fs::write(&printed, "").unwrap();
        writeln!(self.input, "{line}\necho \"ended $?\"").unwrap();
        let mut ended = String::new();
        self.output.read_line(&mut ended).unwrap();
        (ended.trim().trim_start_matches("ended ").to_owned(), fs::read_to_string(&printed).unwrap())
    }

    /// Runs a step; one that only reads is repeated until it prints what the page says.
    fn follow(&mut self, step: &Step) {
        for _ in 0..if step.is_read_only() { MAX_REPEATS } else { 1 } {
            let (status, printed) = self.run(&step.command);
            if status == "0" && step.is_printed_in(&printed) {
                return;
            }
        }
        let (status, printed) = self.run(&step.command);
        let background = fs::read_to_string(self.folder.join("printed.background")).unwrap_or_default();
        let (command, expected) = (&step.command, step.expected.join("\n"));
        panic!(
            "`{command}` ended with {status}.\nThe page:\n{expected}\nPrinted:\n{printed}\nBackground:\n{background}"
        );
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Stops the background processes.
        let _closed = writeln!(self.input, "[ -z \"$(jobs -p)\" ] || kill $(jobs -p); exit");
        let _ended = self.shell.wait();
    }
}

/// A command on the page, with the output below it.
struct Step {
    command: String,
    expected: Vec<String>,
}

impl Step {
    /// Whether the command only reads, so that it can be repeated.
    fn is_read_only(&self) -> bool {
        ["list", "health", "check"].iter().any(|read| self.command.contains(&format!("./shop {read}")))
    }

    /// Whether each expected line was printed, in this order; `...` matches any text.
    fn is_printed_in(&self, printed: &str) -> bool {
        let mut lines = printed.lines();
        self.expected.iter().all(|expected| lines.any(|line| matches(line, expected)))
    }
}

fn matches(line: &str, expected: &str) -> bool {
    let mut rest = line;
    let mut parts = expected.split("...").map(str::trim).filter(|part| !part.is_empty());
    parts.all(|part| rest.split_once(part).map(|(_, after)| rest = after).is_some())
}

/// The parts of the page, in order: files with their paths, and steps.
enum PagePart {
    File(String, String),
    Step(Step),
}

fn page_parts(page: &str) -> Vec<PagePart> {
    let mut all = Vec::new();
    let mut before = "";
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            match named_file(before) {
                _ if language == "console" => all.extend(steps(&block).into_iter().map(PagePart::Step)),
                Some(file) => all.push(PagePart::File(file.to_owned(), block.join("\n") + "\n")),
                None => panic!("the line before this block names no file: {block:?}"),
            }
        }
        if !line.is_empty() {
            before = line;
        }
    }
    all
}

/// The file that is named at the end of a line, such as `src/main.rs`.
fn named_file(line: &str) -> Option<&str> {
    line.strip_suffix("`:")?.rsplit('`').next()
}

fn steps(block: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step { command: command.to_owned(), expected: Vec::new() }),
            (None, Some(step)) => step.expected.push((*line).to_owned()),
            (None, None) => panic!("this output has no command: {line}"),
        }
    }
    steps
}

#[test]
fn the_guide_to_production_works_as_written() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("following");
    let _missing = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let postgres = std::env::var("JOBS_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    let page = if postgres.is_some() {
        PAGE
    } else {
        skip("the last section of the guide to production needs a PostgreSQL server");
        PAGE.split("## 6.").next().unwrap()
    };
    let mut terminal = Terminal::open(folder.clone(), postgres.as_deref());
    for part in page_parts(page) {
        match part {
            PagePart::File(path, text) => fs::write(folder.join("shop").join(path), text).unwrap(),
            PagePart::Step(step) => terminal.follow(&step),
        }
    }
}
