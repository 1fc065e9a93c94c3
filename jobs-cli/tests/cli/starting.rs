//! `start`: a program runs its jobs until it is told to stop.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use crate::place::{Place, Said, shop};

#[tokio::test]
async fn a_program_runs_the_jobs_of_the_queues_it_is_told_and_stops_when_asked() {
    let place = Place::new().await;
    place.enqueue(1, |_| {}).await;
    place.enqueue(2, |job| job.queue = "default".into()).await;
    let words = ["start", "-q", "mail", "--threads", "2", "-t", "5"];
    let mut child = place.command(shop(), &words).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "sent Hello to 20 letters");
    let kill = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(kill.success());
    assert!(child.wait().unwrap().success(), "it stops in order");
    assert_eq!((place.state(1).await, place.state(2).await), ("finished", "ready"));
}

#[tokio::test]
async fn systemd_is_told_that_the_program_is_ready_lives_and_stops() {
    let place = Place::new().await;
    let path = place.folder.path().join("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    let mut command = place.command(shop(), &["start"]);
    let mut child = command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "20000").spawn().unwrap();
    let said = || {
        let mut bytes = [0; 256];
        let length = socket.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    let until = |word: &str| while !said().contains(word) {};
    until("READY=1");
    until("WATCHDOG=1");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    until("STATUS=claims no more");
    until("STOPPING=1");
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn a_program_without_jobs_says_how_to_get_some() {
    let place = Place::new().await;
    assert!(place.jobs(&["start"]).refused(1).contains("jobs_cli::run"));
}

#[tokio::test]
async fn what_cannot_be_started_is_told_before_anything_runs() {
    let place = Place::new().await;
    assert!(place.shop(&["start", "-q", "mail,often"]).refused(1).contains("write `mail,3`"));
    assert!(place.shop(&["start", "-q", "ma*il"]).refused(1).contains("ma*il"));
    assert!(place.shop(&["start", "-c", "0"]).refused(2).contains('0'));
    assert!(place.shop(&["start", "-t", "soon"]).refused(2).contains("soon"));
    assert!(place.shop(&["start", "-C", "nowhere.yml"]).refused(1).contains("nowhere.yml"));
}

/// What the program says at this path of the address it told.
fn get(address: &str, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn a_program_that_listens_serves_its_health_and_its_metrics_while_it_runs() {
    let place = Place::new().await;
    place.enqueue(1, |_| {}).await;
    let words = ["start", "--listen", "127.0.0.1:0"];
    let mut command = place.command(shop(), &words);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(child.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    let address = said.split("http://").nth(1).unwrap().split('/').next().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "sent Hello to 20 letters");
    assert!(get(address, "/health").starts_with("HTTP/1.1 200"), "{}", get(address, "/health"));
    let metrics = get(address, "/metrics");
    assert!(metrics.contains("jobs_started_total{job_name=\"send_mail\",queue=\"mail\"} 1"), "{metrics}");
    assert!(metrics.contains("jobs_store_up 1"), "{metrics}");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success(), "it stops in order");
    assert!(place.shop(&["start", "--listen", "nowhere"]).refused(1).contains("--listen 127.0.0.1:9394"));
}

#[tokio::test]
async fn a_program_without_a_log_of_its_own_gets_one() {
    let place = Place::new().await;
    place.enqueue(1, |_| {}).await;
    let mut command = place.command(shop(), &["start"]);
    let mut child = command.env_remove("JOBS_LOG").stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("INFO jobs: Started")));
    assert!(lines.any(|line| line.contains("Performed send_mail")));
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(lines.any(|line| line.contains("INFO jobs: Stopped")));
    assert!(child.wait().unwrap().success());
    let loud = Said::new(place.command(shop(), &["start"]).env("JOBS_LOG", "loud").output().unwrap());
    assert!(loud.refused(1).contains("write `off`, `error`"));
}
