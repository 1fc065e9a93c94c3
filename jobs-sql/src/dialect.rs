//! What differs between the three databases in the text of a statement.

/// The SQL of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// MySQL 8 and newer, `MariaDB` 10.6 and newer.
    MySql,
    /// `SQLite`.
    Sqlite,
}

impl Dialect {
    /// The statement for this database. Lines that begin with `--` are left out, and these are replaced:
    ///
    /// - `?` stands for the next value (`$1`, `$2` .. in PostgreSQL);
    /// - `{lock}` is `FOR UPDATE`, and `{skip_locked}` is `FOR UPDATE SKIP LOCKED`; `{share}` locks a row so that others may
    ///   read and lock it likewise and do not delete it. `SQLite` has one writer and needs none of them;
    /// - `{insert_ignore}` begins an insert that `{or_ignore}` ends, and that leaves a row out whose unique key exists;
    /// - `{index name}` after a table makes MySQL use this index of it. It may otherwise sort all rows of a table to choose a
    ///   few, and lock all of them, or read all of them in order to save the sort of a few;
    /// - `{key}` is the column `key`, which is a reserved word in MySQL.
    pub fn sql(self, statement: &str) -> String {
        let (lock, skip_locked, share) = match self {
            Self::Sqlite => ("", "", ""),
            Self::Postgres => ("FOR UPDATE", "FOR UPDATE SKIP LOCKED", "FOR KEY SHARE"),
            Self::MySql => ("FOR UPDATE", "FOR UPDATE SKIP LOCKED", "LOCK IN SHARE MODE"),
        };
        let (insert_ignore, or_ignore) = match self {
            Self::MySql => ("INSERT IGNORE", ""),
            Self::Postgres | Self::Sqlite => ("INSERT", "ON CONFLICT DO NOTHING"),
        };
        let lines = statement.lines().filter(|line| !line.starts_with("--"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let text = text.replace("{lock}", lock).replace("{skip_locked}", skip_locked).replace("{share}", share);
        let text = text.replace("{insert_ignore}", insert_ignore).replace("{or_ignore}", or_ignore);
        let text = with_indexes(&text, self == Self::MySql);
        let text = text.replace("{key}", if self == Self::MySql { "`key`" } else { "key" });
        if self == Self::Postgres { numbered(&text) } else { text }
    }

    /// This many placeholders in parentheses, for the values of an `IN`: `(?, ?, ?)`.
    pub fn list(length: usize) -> String {
        format!("({})", vec!["?"; length].join(", "))
    }
}

/// The text with what it says about indexes, ` {index name}`, in MySQL's words or without it.
fn with_indexes(text: &str, is_mysql: bool) -> String {
    let mut parts = text.split(" {index ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (name, rest) in parts.filter_map(|part| part.split_once('}')) {
        if is_mysql {
            out.extend([" FORCE INDEX (", name, ")"]);
        }
        out.push_str(rest);
    }
    out
}

fn numbered(text: &str) -> String {
    let mut parts = text.split('?');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (part, number) in parts.zip(1_usize..) {
        out.push('$');
        out.push_str(&number.to_string());
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_the_words_of_its_database() {
        let text = "-- Says what it does?\nSELECT id FROM t WHERE a = ? AND {key} = ? {skip_locked}";
        assert_eq!(Dialect::Postgres.sql(text), "SELECT id FROM t WHERE a = $1 AND key = $2 FOR UPDATE SKIP LOCKED");
        assert_eq!(Dialect::MySql.sql(text), "SELECT id FROM t WHERE a = ? AND `key` = ? FOR UPDATE SKIP LOCKED");
        assert_eq!(Dialect::Sqlite.sql(text), "SELECT id FROM t WHERE a = ? AND key = ? ");
    }

    #[test]
    fn only_mysql_is_told_which_index_to_use() {
        let text = "SELECT a.id FROM a {index PRIMARY}\nJOIN b {index by_name} ON b.id = a.id";
        let plain = "SELECT a.id FROM a\nJOIN b ON b.id = a.id";
        assert_eq!([Dialect::Postgres.sql(text), Dialect::Sqlite.sql(text)], [plain, plain]);
        let forced = "SELECT a.id FROM a FORCE INDEX (PRIMARY)\nJOIN b FORCE INDEX (by_name) ON b.id = a.id";
        assert_eq!(Dialect::MySql.sql(text), forced);
    }

    #[test]
    fn an_insert_that_ignores_conflicts_is_written_for_each_database() {
        let text = "{insert_ignore} INTO t (a) VALUES (?) {or_ignore}";
        assert_eq!(Dialect::Postgres.sql(text), "INSERT INTO t (a) VALUES ($1) ON CONFLICT DO NOTHING");
        assert_eq!(Dialect::MySql.sql(text), "INSERT IGNORE INTO t (a) VALUES (?) ");
        assert_eq!(Dialect::list(3), "(?, ?, ?)");
    }
}
