//! Compares `jobs` with its peers, and with a program that runs only the necessary statements.
//!
//! `cargo run --release --manifest-path benchmarks/Cargo.toml -- --help`

mod children;
mod contestant;
mod limit;
mod options;
mod ours;
mod phase;
mod postgres;
mod rails;
mod redis;
mod results;
mod rounds;
mod scenario;
mod table;
mod targets;
mod words;

use std::process::ExitCode;

use bench_protocol::{Outcome, Task};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let ended = match arguments.first().map(String::as_str) {
        Some("child") => Task::from_arguments(&arguments).and_then(|task| child(&task)),
        _ => parent(&arguments),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("benchmarks: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one step and prints its report.
fn child(task: &Task) -> Outcome<()> {
    let report = if let Some(report) = scenario::run(task)? {
        report
    } else if task.is_on_redis() && task.contestant.starts_with("limit") {
        redis::run(task)?
    } else if task.tables.is_some() && task.contestant.starts_with("limit") {
        rails::run(task)?
    } else if task.is_on_a_server() {
        postgres::run(task)?
    } else if task.contestant.starts_with("limit") {
        limit::run(task)?
    } else {
        ours::run(task)?
    };
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

/// Runs all rounds and prints the tables.
fn parent(arguments: &[String]) -> Outcome<()> {
    let Some(options) = options::parse(arguments)? else {
        print!("{}", options::HELP);
        return Ok(());
    };
    let programs = children::Programs::build(&options)?;
    let results = rounds::run(&options, &programs)?;
    print!("{}", table::all(&options, &results));
    print!("{}", targets::all(&results));
    Ok(())
}
