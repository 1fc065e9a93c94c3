//! Encrypted connections to a real server, with certificates of an authority made for the test: which certificates each
//! `sslmode` accepts, and the errors for the others.

#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use common::server::Server;
use common::{TestDb, enqueue, id, server, stranger, work};
use jobs_core::Error;
use jobs_postgres::PostgresStore;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};

/// Signs certificates.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// Its own certificate, for `sslrootcert`.
    file: PathBuf,
}

impl Authority {
    fn new(folder: &Path, name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = folder.join(name);
        std::fs::write(&file, issuer.pem()).unwrap();
        Self { issuer, file }
    }

    /// A certificate for a host, with its key, both as PEM.
    fn sign(&self, host: &str, until: i32) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(until, 1, 1));
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

/// A server that encrypts, with a schema on it and an authority that clients may name.
struct Site {
    server: Server,
    db: TestDb,
    authority: Authority,
    folder: tempfile::TempDir,
}

impl Site {
    async fn new() -> Option<Self> {
        server()?;
        let (server, folder) = (Server::start().await?, tempfile::tempdir().unwrap());
        let (db, authority) = (TestDb::on(&server.url), Authority::new(folder.path(), "authority.pem"));
        Some(Self { server, db, authority, folder })
    }

    /// Makes the server use this certificate.
    async fn show(&self, (certificate, key): (String, String)) {
        let data = self.server.folder().join("data");
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let file = data.join(name);
            std::fs::write(&file, text).unwrap();
            run(Command::new("chown").arg("--reference").arg(&data).arg(&file));
            run(Command::new("chmod").arg("600").arg(&file));
        }
        stranger(&self.server.url).await.batch_execute("ALTER SYSTEM SET ssl = on").await.unwrap();
        self.reload().await;
    }

    /// Makes the server reload its files, and waits until new connections use them.
    async fn reload(&self) {
        let loaded = async || -> SystemTime {
            let client = stranger(&self.server.url).await;
            client.query_one("SELECT pg_conf_load_time()", &[]).await.unwrap().get(0)
        };
        let before = loaded().await;
        stranger(&self.server.url).await.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        while loaded().await == before {}
    }

    /// Opens a store by these options of the URL.
    async fn open(&self, options: &str) -> Result<PostgresStore, Error> {
        self.db.by_url(&format!("{}?{options}", self.server.url)).connect().await
    }

    /// Opens with the authority of the site in the URL.
    async fn trusting(&self, mode: &str) -> Result<PostgresStore, Error> {
        self.open(&format!("sslmode={mode}&sslrootcert={}", self.authority.file.display())).await
    }
}

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}

/// Whether the connections of a store are encrypted, after it did some work.
async fn is_encrypted(site: &Site, store: PostgresStore, number: u64) -> bool {
    enqueue(&store, number..number + 1).await;
    assert_eq!(work(&store, 1).await, [id(number)]);
    let shown = "SELECT bool_and(ssl), bool_or(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                 WHERE application_name LIKE 'jobs: %'";
    let row = stranger(&site.server.url).await.query_one(shown, &[]).await.unwrap();
    let (all, any): (bool, bool) = (row.get(0), row.get(1));
    assert_eq!(all, any, "all connections of a store are alike");
    all
}

#[tokio::test]
async fn each_sslmode_accepts_what_it_says() {
    let Some(site) = Site::new().await else { return };
    let without = site.open("sslmode=prefer").await.unwrap();
    assert!(!is_encrypted(&site, without, 0).await, "there is nothing to prefer");
    let error = site.open("sslmode=require").await.unwrap_err();
    says(&error, "the server does not encrypt", "switch `ssl` on");

    site.show(site.authority.sign("127.0.0.1", 2200)).await;
    assert!(!is_encrypted(&site, site.open("sslmode=disable").await.unwrap(), 1).await);
    assert!(is_encrypted(&site, site.open("sslmode=prefer").await.unwrap(), 2).await);
    assert!(is_encrypted(&site, site.open("sslmode=require").await.unwrap(), 3).await);
    assert!(is_encrypted(&site, site.trusting("require").await.unwrap(), 4).await);
    assert!(is_encrypted(&site, site.trusting("verify-ca").await.unwrap(), 5).await);
    assert!(is_encrypted(&site, site.trusting("verify-full").await.unwrap(), 6).await);

    site.show(site.authority.sign("db.example", 2200)).await;
    assert!(is_encrypted(&site, site.trusting("verify-ca").await.unwrap(), 7).await, "any host will do");
}

#[track_caller]
fn says(error: &Error, what: &str, advice: &str) {
    let words = error.to_string();
    assert!(words.contains(what) && words.contains(advice), "{words}");
    assert!(!error.is_transient(), "trying again will not help: {words}");
}

#[tokio::test]
async fn each_refusal_of_a_certificate_says_what_to_do() {
    let Some(site) = Site::new().await else { return };
    site.show(site.authority.sign("db.example", 2200)).await;
    let error = site.trusting("verify-full").await.unwrap_err();
    says(&error, "its certificate is for another host", "`sslmode=verify-ca`");

    let stranger = Authority::new(site.folder.path(), "stranger.pem");
    site.show(stranger.sign("127.0.0.1", 2200)).await;
    for mode in ["require", "verify-ca", "verify-full"] {
        says(&site.trusting(mode).await.unwrap_err(), "no known authority", "`sslrootcert`");
    }
    says(&site.open("sslmode=verify-full").await.unwrap_err(), "no known authority", "`sslrootcert`");

    site.show(site.authority.sign("127.0.0.1", 2020)).await;
    for mode in ["verify-ca", "verify-full"] {
        says(&site.trusting(mode).await.unwrap_err(), "has expired", "renew it");
    }
    drop(site.open("sslmode=require").await.unwrap());

    let error = site.open("sslmode=verify-full&sslrootcert=/nowhere.pem").await.unwrap_err();
    says(&error, "`sslrootcert=/nowhere.pem`", "cannot be read");

    let rules = site.server.folder().join("data/pg_hba.conf");
    let text = std::fs::read_to_string(&rules).unwrap();
    std::fs::write(&rules, text.replace("host ", "hostssl ")).unwrap();
    // The owner connects without encryption and could not read the connections any more.
    site.server.crash().await;
    says(&site.open("sslmode=disable").await.unwrap_err(), "no encryption", "pg_hba.conf");
    drop(site.open("sslmode=require").await.unwrap());
}
