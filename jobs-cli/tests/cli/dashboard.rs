//! `dashboard`: it is served on this machine, and elsewhere only to who says a password.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::place::{Place, Said, id, shop};

struct Served {
    child: Child,
    log: BufReader<ChildStderr>,
    address: String,
}

impl Served {
    /// At a port that is free.
    fn start(place: &Place, words: &[&str], password: Option<&str>) -> Self {
        Self::of(env!("CARGO_BIN_EXE_jobs").into(), place, words, password)
    }

    fn of(program: PathBuf, place: &Place, words: &[&str], password: Option<&str>) -> Self {
        let words = [&["dashboard", "--bind", "127.0.0.1:0"], words].concat();
        let mut command = place.command(program, &words);
        command.env_remove("JOBS_DASHBOARD_PASSWORD").env_remove("JOBS_LOG").stderr(Stdio::piped());
        if let Some(password) = password {
            command.env("JOBS_DASHBOARD_PASSWORD", password);
        }
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        log.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("the dashboard is at http://").unwrap_or_else(|| panic!("{line}"));
        Self { address: address.to_owned(), child, log }
    }

    /// What is answered to a request with these lines in its head.
    fn ask(&self, method: &str, path: &str, head: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = &self.address;
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{head}\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn stop(mut self) -> bool {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        self.child.wait().unwrap().success()
    }
}

#[tokio::test]
async fn on_this_machine_the_dashboard_is_served_without_a_password_until_it_is_told_to_stop() {
    let place = Place::filled().await;
    let served = Served::start(&place, &[], None);
    let page = served.ask("GET", "/jobs?state=failed", "");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("send_mail"), "{page}");
    assert!(!page.contains("secret-1"), "arguments of unknown jobs are not shown");
    assert!(served.stop(), "it ends in order");
}

#[tokio::test]
async fn a_program_with_jobs_shows_their_arguments_but_for_what_is_secret_in_them() {
    let place = Place::filled().await;
    let served = Served::of(shop(), &place, &[], None);
    let page = served.ask("GET", &format!("/jobs/{}", id(1)), "");
    assert!(page.contains("Hello") && !page.contains("secret-1"), "{page}");
    assert!(served.stop());
}

#[tokio::test]
async fn a_live_page_does_not_keep_the_dashboard_from_ending() {
    let place = Place::new().await;
    let served = Served::start(&place, &[], None);
    let mut stream = TcpStream::connect(&served.address).unwrap();
    write!(stream, "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    assert!(served.stop(), "it ends in order");
}

#[tokio::test]
async fn a_password_of_the_environment_is_asked_for() {
    let place = Place::new().await;
    let served = Served::start(&place, &["--user", "ops"], Some("secret"));
    assert!(served.ask("GET", "/", "").starts_with("HTTP/1.1 401"));
    let login = "Authorization: Basic b3BzOnNlY3JldA==\r\n"; // ops:secret
    assert!(served.ask("GET", "/", login).starts_with("HTTP/1.1 200"));
    assert!(served.stop());
}

#[tokio::test]
async fn what_is_done_and_a_wrong_password_are_in_its_log() {
    let place = Place::new().await;
    let mut served = Served::start(&place, &["--user", "ops"], Some("secret"));
    served.ask("GET", "/", "Authorization: Basic b3BzOndyb25n\r\n"); // ops:wrong
    let head = "Authorization: Basic b3BzOnNlY3JldA==\r\nJobs-Request: 1\r\nContent-Length: 16\r\n";
    let answer = served.ask("POST", "/api/queues/pause", &format!("{head}\r\n{{\"queue\":\"mail\"}}"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let mut log = || {
        let mut line = String::new();
        served.log.read_line(&mut line).unwrap();
        line
    };
    let (wrong, done) = (log(), log());
    assert!(wrong.contains("jobs::audit") && wrong.contains("password") && !wrong.contains("wrong\""), "{wrong}");
    assert!(done.contains("ops requested pause of the queue mail: 1 changed"), "{done}");
    assert!(served.stop());
}

#[tokio::test]
async fn a_dashboard_that_is_read_only_refuses_every_change() {
    let place = Place::new().await;
    let served = Served::start(&place, &["--read-only"], None);
    let answer = served.ask("POST", "/queues/pause", "Content-Length: 0\r\n");
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(served.stop());
}

#[tokio::test]
async fn a_dashboard_that_others_reach_is_not_started_without_a_password() {
    let place = Place::new().await;
    let refused = |words: &[&str], password: &str| {
        let words = [&["dashboard"], words].concat();
        let mut command = place.command(env!("CARGO_BIN_EXE_jobs").into(), &words);
        command.env_remove("JOBS_DASHBOARD_PASSWORD");
        if !password.is_empty() {
            command.env("JOBS_DASHBOARD_PASSWORD", password);
        }
        Said::new(command.output().unwrap()).refused(1)
    };
    assert!(refused(&["--bind", "0.0.0.0:0"], "").contains("JOBS_DASHBOARD_PASSWORD"));
    assert!(refused(&["--bind", "nowhere"], "").contains("--bind 127.0.0.1:4000"));
    assert!(refused(&["--bind", "127.0.0.1:0", "--user", "a:b"], "secret").contains("without `:`"));
}
