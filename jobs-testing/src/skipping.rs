//! Skipping tests that cannot run.

use std::fs::OpenOptions;
use std::io::Write;

/// The environment variable that names the file in which skipped tests are noted down.
const FILE: &str = "JOBS_TEST_SKIPPED";

/// Reports that a test is skipped, and why: on standard error, and as a line of the file that the environment variable
/// `JOBS_TEST_SKIPPED` names, so that a script that runs many tests can count them. The test then returns.
///
/// # Panics
/// The file cannot be written to.
///
/// ```no_run
/// # fn server() -> Option<String> { None }
/// let Some(url) = server() else { return jobs_testing::skip("no server") };
/// ```
pub fn skip(why: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    eprintln!("skipped {test}: {why}");
    let Some(file) = std::env::var_os(FILE) else { return };
    // One write of a short line to a file opened to append is not torn.
    let noted = OpenOptions::new()
        .append(true)
        .create(true)
        .open(&file)
        .and_then(|mut file| file.write_all(format!("{why}\n").as_bytes()));
    assert!(noted.is_ok(), "a skipped test cannot be noted down in {}: {noted:?}", file.display());
}
