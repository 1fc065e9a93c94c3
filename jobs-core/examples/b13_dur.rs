//! scratch
use std::io::BufRead;
fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        println!(
            "{line}\t{:?}",
            jobs_syntax::schedule::read_ruby_interval(&line)
                .map(|r| (r.schedule, r.surprise))
                .map_err(|e| e.to_string())
        );
    }
}
