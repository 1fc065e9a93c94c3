//! The guide's page from nothing to production, followed word for word: each command is typed, each file is written, and
//! what is printed is compared with the page.
//!
//! Three words are not taken as they stand, so that nothing is fetched and nothing is built twice: `cargo install` does
//! nothing, `cargo` builds offline and without `--release`, and `jobsctl new` is told where this checkout is.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use jobs_testing::skip;

const PAGE: &str = include_str!("../../../src/guide/production.md");

/// How often a command is typed until it shows what the page says: what runs beside it needs its time.
const PATIENCE: usize = 300;

/// What stands in for `cargo`.
const CARGO: &str = r#"#!/bin/sh
[ "$1" = install ] && exit 0
verb=$1; shift
for word in "$@"; do shift; [ "$word" = --release ] || set -- "$@" "$word"; done
CARGO_TARGET_DIR=$BUILT/.. "$REAL_CARGO" "$verb" --offline "$@" || exit
[ "$verb" != build ] || { mkdir -p target/release && cp "$BUILT/shop" target/release; }
"#;

/// What stands in for `jobsctl`. The project stands within this workspace, and is to be none of it; it has the versions that the
/// workspace has locked.
const JOBS: &str = r#"#!/bin/sh
[ "$1" = new ] || exec "$REAL_JOBS" "$@"
"$REAL_JOBS" "$@" --path "$CHECKOUT" || exit
printf '\n[workspace]\n' >> "$2/Cargo.toml"
cp "$CHECKOUT/Cargo.lock" "$2"
"#;

/// A shell that is typed into, in a folder of its own.
struct Terminal {
    shell: Child,
    keys: ChildStdin,
    screen: BufReader<ChildStdout>,
    folder: PathBuf,
}

impl Terminal {
    fn open(folder: PathBuf, postgres: Option<&str>) -> Self {
        let bin = folder.join("bin");
        fs::create_dir_all(&bin).unwrap();
        for (name, script) in [("cargo", CARGO), ("jobsctl", JOBS)] {
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
        let (keys, screen) = (shell.stdin.take().unwrap(), BufReader::new(shell.stdout.take().unwrap()));
        Self { shell, keys, screen, folder }
    }

    /// Types a command; its exit status and what it printed.
    fn types(&mut self, command: &str) -> (String, String) {
        let printed = self.folder.join("printed");
        let typed = match command.strip_suffix(" &") {
            // What goes on in the background has its own paper.
            Some(left) => format!("{left} >> {}.background 2>&1 &", printed.display()),
            None => format!("{{ {command}; }} > {} 2>&1", printed.display()),
        };
        fs::write(&printed, "").unwrap();
        writeln!(self.keys, "{typed}\necho \"ended $?\"").unwrap();
        let mut ended = String::new();
        self.screen.read_line(&mut ended).unwrap();
        (ended.trim().trim_start_matches("ended ").to_owned(), fs::read_to_string(&printed).unwrap())
    }

    /// Types it until it shows what is written, or for as long as anybody would.
    fn follows(&mut self, step: &Step) {
        for _ in 0..if step.is_look() { PATIENCE } else { 1 } {
            let (status, printed) = self.types(&step.command);
            if status == "0" && step.is_shown_in(&printed) {
                return;
            }
        }
        let (status, printed) = self.types(&step.command);
        let background = fs::read_to_string(self.folder.join("printed.background")).unwrap_or_default();
        let (command, shown) = (&step.command, step.shown.join("\n"));
        panic!("`{command}` ended with {status}.\nThe page:\n{shown}\nPrinted:\n{printed}\nBeside it:\n{background}");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Whatever still runs in the background.
        let _gone = writeln!(self.keys, "[ -z \"$(jobs -p)\" ] || kill $(jobs -p); exit");
        let _ended = self.shell.wait();
    }
}

/// One thing that the page says to do.
struct Step {
    command: String,
    shown: Vec<String>,
}

impl Step {
    /// Whether it only looks, so that it may be typed again.
    fn is_look(&self) -> bool {
        ["list", "health", "check"].iter().any(|look| self.command.contains(&format!("./shop {look}")))
    }

    /// Whether each line of the page is there, in this order; `...` stands for anything.
    fn is_shown_in(&self, printed: &str) -> bool {
        let mut lines = printed.lines();
        self.shown.iter().all(|shown| lines.any(|line| is_like(line, shown)))
    }
}

fn is_like(line: &str, shown: &str) -> bool {
    let mut rest = line;
    let mut parts = shown.split("...").map(str::trim).filter(|part| !part.is_empty());
    parts.all(|part| rest.split_once(part).map(|(_, after)| rest = after).is_some())
}

/// What the page says, in its order: files by their names, and steps.
enum Said {
    File(String, String),
    Step(Step),
}

fn said(page: &str) -> Vec<Said> {
    let mut all = Vec::new();
    let mut before = "";
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            match named(before) {
                _ if language == "console" => all.extend(steps(&block).into_iter().map(Said::Step)),
                Some(file) => all.push(Said::File(file.to_owned(), block.join("\n") + "\n")),
                None => panic!("nobody says what this block is: {block:?}"),
            }
        }
        if !line.is_empty() {
            before = line;
        }
    }
    all
}

/// The file that a line names at its end, as `src/main.rs`.
fn named(line: &str) -> Option<&str> {
    line.strip_suffix("`:")?.rsplit('`').next()
}

fn steps(block: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step { command: command.to_owned(), shown: Vec::new() }),
            (None, Some(step)) => step.shown.push((*line).to_owned()),
            (None, None) => panic!("this is printed by nothing: {line}"),
        }
    }
    steps
}

#[test]
fn the_way_from_nothing_to_production_is_as_the_guide_says() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("following");
    let _not_there = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let postgres = std::env::var("JOBS_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    let page = if postgres.is_some() {
        PAGE
    } else {
        skip("the last section of the guide's way to production needs a PostgreSQL server");
        PAGE.split("## 6.").next().unwrap()
    };
    let mut terminal = Terminal::open(folder.clone(), postgres.as_deref());
    for said in said(page) {
        match said {
            Said::File(path, text) => fs::write(folder.join("shop").join(path), text).unwrap(),
            Said::Step(step) => terminal.follows(&step),
        }
    }
}
