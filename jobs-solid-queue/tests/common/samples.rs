//! Rows that the genuine Solid Queue wrote, put into tables of a test.

use jobs_core::Timestamp;
use jobs_sql::SqlValue;
use serde_json::Value;

use super::{Kind, TestDb};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples");

impl Kind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Postgres => "pg_",
            Self::MariaDb => "mysql_",
            Self::Sqlite => "sqlite_",
        }
    }
}

/// The names of all samples of this kind of database, without its prefix.
pub(crate) fn names(kind: Kind) -> Vec<String> {
    let files = std::fs::read_dir(FOLDER).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let of_kind = files.filter_map(|file| Some(file.strip_prefix(kind.prefix())?.strip_suffix(".jsonl")?.to_owned()));
    of_kind.filter(|name| name != "schema").collect()
}

impl TestDb {
    /// New tables with the rows of this sample; `None` if there is no such server.
    pub(crate) async fn with_sample(kind: Kind, name: &str) -> Option<Self> {
        let db = Self::new(kind).await?;
        db.load(name).await;
        Some(db)
    }

    /// Puts the rows of a sample in: those of jobs first, since the others refer to them.
    async fn load(&self, name: &str) {
        let text = std::fs::read_to_string(format!("{FOLDER}/{}{name}.jsonl", self.kind.prefix())).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut rows: Vec<Value> = lines.filter(|line| line["table"].is_string()).collect();
        rows.sort_by_key(|row| row["table"] != "solid_queue_jobs");
        for row in rows {
            let table = row["table"].as_str().unwrap();
            self.insert(table, &row["row"]).await;
            if self.kind == Kind::Postgres {
                // The next row gets the next number.
                let last =
                    format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))");
                self.rows(&last).await;
            }
        }
    }

    async fn insert(&self, table: &str, row: &Value) {
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for (column, value) in row.as_object().unwrap() {
            columns.push(if column == "key" { "{key}" } else { column.as_str() });
            values.push(typed(column, value));
        }
        let places = vec!["?"; values.len()].join(", ");
        self.run(&format!("INSERT INTO {table} ({}) VALUES ({places})", columns.join(", ")), &values).await;
    }
}

fn typed(column: &str, value: &Value) -> SqlValue {
    let text = value.as_str();
    let number = value.as_i64().or_else(|| text?.parse().ok());
    match column {
        "id" | "job_id" | "priority" | "process_id" | "supervisor_id" | "pid" | "value" => SqlValue::Int(number),
        "static" => SqlValue::Bool(text == Some("t") || number == Some(1)),
        _ if column.ends_with("_at") => SqlValue::Time(text.map(time)),
        _ => SqlValue::Text(text.map(str::to_owned)),
    }
}

/// A time as the databases show it.
pub(crate) fn time(text: &str) -> Timestamp {
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap();
    Timestamp::from_micros(time.and_utc().timestamp_micros())
}
