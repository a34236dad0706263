//! What the user typed, and nothing else: no file is opened, no default that depends on the data is filled in.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tribus::audience::{Country, Share};
use tribus::date::Date;
use tribus::export::FileMode;
use tribus::expr::Dialect;
use tribus::recipe::{Clusters, Limits, MaxSegments, Scale, Transform, Weights};
use tribus::report::Language;
use tribus::source::{DateOrder, MaxRejects, MemorySize, Quote, Totals};

const READING: &str = "How the input is read (found from the file where not given)";
const CLUSTERING: &str = "What is clustered on, and how";
const OUTPUT: &str = "Output";

/// From a customer file to named, explained segments.
#[derive(Debug, Parser)]
#[command(
    name = "tribus",
    version,
    about = "From a customer file to named, explained segments",
    after_help = "Examples:\n  tribus demo                                     see it work on sample customers\n  tribus segment customers.csv                    segment a file, everything decided from the data\n  tribus segment customers.csv --on age --on spend --k 4\n  tribus assign customers-segments new.csv        new customers to the same segments\n  tribus audience customers-segments customers.csv --segment 1 -o list.csv   a list to send\n  tribus inspect customers.csv                    what would be read, and how\n  tribus evidence customers.csv                   how many segments, and are there any\n\nExit codes: 0 done; 1 a write failed; 2 usage, recipe or unknown column; 3 the input is wrong; 4 done, but what --fail-on or verify looks for was found; 75 try again later: no such input yet, or the folder is being written; 130 interrupted",
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub(crate) struct Typed {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Global {
    /// Print one JSON object on standard output instead of text
    ///
    /// Errors still go to standard error, as text or as --json-errors says; standard output then stays empty.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print an error as one line of JSON on standard error, and nothing else there
    ///
    /// The object has `code`, `kind`, `exit_code`, `message`, `hint`, `file`, `line` and `column`; what is not known is null.
    /// Warnings and accounts are not printed then; with --json they are part of the object on standard output.
    #[arg(long, global = true)]
    pub(crate) json_errors: bool,
    /// Print nothing but data and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print more: how columns were read, the criteria for each number of segments
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    /// Print without color (so does the environment variable NO_COLOR)
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
    /// Permissions of files that are written, such as 0640 (default: only their owner may read them; a folder that is written again
    /// keeps those it has)
    ///
    /// An octal number from 0600 to 0777. Who may read the files of a folder may enter it. The umask does not matter.
    #[arg(long, global = true, value_name = "OCTAL")]
    pub(crate) mode: Option<FileMode>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Segment customers: the whole way from a file to a report
    Segment(Box<Segment>),
    /// Give new customers their segments
    #[command(visible_alias = "score")]
    Assign(Assign),
    /// Write the list of a segment's customers to send to, and leave a part of them alone
    Audience(Box<Audience>),
    /// Say what a list changed, beside those who were left alone
    EvaluateCampaign(EvaluateCampaign),
    /// Write the cleaned table with its derived columns
    Prepare(Prepare),
    /// Roll purchases up: one row per customer, with an account in lines and in money
    Rollup(Rollup),
    /// Show what would be read, and how: types, roles, what is clustered on and why
    Inspect(Inspect),
    /// Say how many segments there are, and whether there are any; nothing is written
    Evidence(Evidence),
    /// Measure labels that customers already have, and compare them with segments
    Evaluate(Evaluate),
    /// Tell what makes each segment itself, or why one customer is in theirs
    Explain(Explain),
    /// Print the segmentation as one SQL statement, for the engine that holds the customers
    Sql(Sql),
    /// Write the segmentation as a dbt project: a model, its tests, the names as a seed
    Dbt(Dbt),
    /// Write the report and everything beside it again
    Report(Report),
    /// Make the segmentation again from its input, and tell what differs
    Verify(Verify),
    /// Give a segment a name of your own
    #[command(alias = "name")]
    Rename(Rename),
    /// Take one customer out of folders of results, and say what must be made again
    Forget(Forget),
    /// Segment sample customers that the program makes up
    Demo(Demo),
    /// Ready recipes, and a recipe for a file
    #[command(subcommand)]
    Recipe(RecipeCommand),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print the manual page
    Man,
}

impl Command {
    /// What it may use of the machine; none where it reads no table.
    pub(crate) fn resources(&self) -> Option<&Resources> {
        Some(match self {
            Self::Segment(typed) => &typed.resources,
            Self::Assign(typed) => &typed.resources,
            Self::Audience(typed) => &typed.resources,
            Self::EvaluateCampaign(typed) => &typed.resources,
            Self::Prepare(typed) => &typed.resources,
            Self::Rollup(typed) => &typed.resources,
            Self::Inspect(typed) => &typed.resources,
            Self::Evidence(typed) => &typed.resources,
            Self::Evaluate(typed) => &typed.resources,
            Self::Verify(typed) => &typed.resources,
            Self::Demo(typed) => &typed.resources,
            Self::Recipe(RecipeCommand::Init(typed)) => &typed.resources,
            _ => return None,
        })
    }
}

/// Files read together as one table.
#[derive(Debug, Args)]
pub(crate) struct Inputs {
    /// CSV, Excel, Parquet, Arrow or JSON lines; `-` is standard input; several files are one table
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
}

/// How the input is read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = READING)]
pub(crate) struct Reading {
    /// Character between fields, or `tab`
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    pub(crate) delimiter: Option<char>,
    /// Encoding: utf-8, utf-16le, windows-1252, ...
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
    /// Decimal sign
    #[arg(long, value_name = "SIGN", value_parser = decimal)]
    pub(crate) decimal: Option<char>,
    /// Order of day, month and year in dates such as 04/05/2014
    #[arg(long, value_name = "ORDER")]
    pub(crate) date_order: Option<Order>,
    /// There is no header: columns are called `column 1`, `column 2`, ...
    #[arg(long, conflicts_with = "header_rows")]
    pub(crate) no_header: bool,
    /// Rows of the header; the names in several are joined
    #[arg(long, value_name = "N")]
    pub(crate) header_rows: Option<usize>,
    /// Lines above the header
    #[arg(long, value_name = "N")]
    pub(crate) skip_rows: Option<usize>,
    /// Lines below the last row
    #[arg(long, value_name = "N")]
    pub(crate) skip_footer: Option<usize>,
    /// A row that is the sum of the others: drop (the default) or keep it
    #[arg(long, value_name = "WORD")]
    pub(crate) totals: Option<Totals>,
    /// Character that encloses fields, or `none`
    #[arg(long, value_name = "CHAR")]
    pub(crate) quote: Option<Quote>,
    /// Character before a quote within a field (default: the quote is doubled)
    #[arg(long, value_name = "CHAR")]
    pub(crate) escape: Option<char>,
    /// Character that begins lines to skip
    #[arg(long, value_name = "CHAR")]
    pub(crate) comment: Option<char>,
    /// Word that stands for no value, beside NA, null, - and the like; repeat it for several
    #[arg(long, value_name = "WORD")]
    pub(crate) null_value: Vec<String>,
    /// Words such as NA, null or - are text
    #[arg(long)]
    pub(crate) no_default_nulls: bool,
    /// Rows and cells that may not fit: a number or a share such as 0.5% (default: 0.1% of the rows, at most 100)
    #[arg(long, value_name = "N|P%")]
    pub(crate) max_rejects: Option<MaxRejects>,
    /// Keep rows that do not fit as they stand in the file, in rejects.csv
    #[arg(long)]
    pub(crate) keep_rejects: bool,
    /// File to list rows and cells that do not fit in (a folder of results has its own rejects.csv)
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Sheet of a workbook (default: the first that holds anything)
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Column that must hold dates; repeat it for several
    #[arg(long, value_name = "COL")]
    pub(crate) dates: Vec<String>,
}

/// What is clustered on, and how.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = CLUSTERING)]
pub(crate) struct Clustering {
    /// Recipe: a TOML file, or the name of a built-in one (see `tribus recipe list`)
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) recipe: Option<String>,
    /// Column to cluster on; repeat it for several
    ///
    /// A `*` stands for any characters when no column has that exact name: `--on 'Mnt*'` takes every column of
    /// numbers whose name begins with Mnt. Headers may hold commas, so a list is not split.
    #[arg(
        long,
        visible_alias = "on",
        value_name = "COL",
        help = "Column to cluster on; repeat it for several (`Mnt*` takes all that begin so)"
    )]
    pub(crate) features: Vec<String>,
    /// Column that says what a customer is worth; higher is better
    #[arg(long, value_name = "COL")]
    pub(crate) value: Option<String>,
    /// No column says what a customer is worth: segments are ordered by size
    #[arg(long, conflicts_with = "value")]
    pub(crate) no_value: bool,
    /// Column that names the customer
    #[arg(long, value_name = "COL")]
    pub(crate) id: Option<String>,
    /// How many segments: auto, a number, or a range such as 2-10 (both ends included)
    #[arg(long, value_name = "auto|N|A-B")]
    pub(crate) k: Option<Clusters>,
    /// The most segments where customers have no natural groups (default 8)
    #[arg(long, value_name = "N")]
    pub(crate) max_segments: Option<MaxSegments>,
    /// Choose the number by elbow, silhouette and a few resamples alone: several times faster on thousands of customers, somewhat faster on a million
    #[arg(long)]
    pub(crate) quick: bool,
    /// Reference date of ages and days since (default: the latest date in the data)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// Transform of features: auto, none, log, log1p or yeo-johnson
    #[arg(long, value_name = "WORD")]
    pub(crate) transform: Option<Transform>,
    /// Scale of features: standard, robust, minmax or none
    #[arg(long, value_name = "WORD")]
    pub(crate) scale: Option<Scale>,
    /// Far outliers: auto limits them for the distance only, none does not
    #[arg(long, value_name = "WORD")]
    pub(crate) limits: Option<Limits>,
    /// Weights of features: equal, or balanced (many columns of a kind do not drown the others)
    #[arg(long, value_name = "WORD")]
    pub(crate) weights: Option<Weights>,
    /// Playbook: which action suits which segment (default: the one `tribus recipe show playbook` prints)
    #[arg(long, value_name = "FILE")]
    pub(crate) playbook: Option<PathBuf>,
    /// Seed of all random draws (default 0)
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Refuse missing cells instead of repairing them
    #[arg(long)]
    pub(crate) strict: bool,
}

/// How much of the machine may be used.
#[derive(Debug, Default, Args)]
pub(crate) struct Resources {
    /// Threads (default: one per core); the result is the same for any number
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Memory that reading may take, such as 8GB (default: half of what is free); a file that needs more is refused
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<MemorySize>,
}

/// A table that goes to a file or to standard output.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct TableFile {
    /// File to write, `-` for standard output (the default); NAME.parquet and NAME.xlsx write Parquet and Excel
    #[arg(long, short, value_name = "FILE|-")]
    pub(crate) output: Option<PathBuf>,
    /// Format of the table (default: by the name of the file, else csv)
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
}

/// What a command that has done its work fails on.
#[derive(Debug, Default, Args)]
pub(crate) struct Checks {
    /// End with exit code 4, after everything is written, if any of these was found: drift, rejects (rows or cells that do
    /// not fit), please-check (decisions that the segments rest on and nobody confirmed)
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        hide_possible_values = true
    )]
    pub(crate) fail_on: Vec<FailOn>,
}

/// What can be failed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// The customers are no longer like those the segments were made from
    Drift,
    /// Rows or cells did not fit
    Rejects,
    /// Decisions that somebody who knows the data should look at
    PleaseCheck,
}

/// How customers are written.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct CustomerTable {
    /// Column to carry into the table of customers, or `all`; repeat it for several
    #[arg(long, value_name = "all|COL")]
    pub(crate) keep: Vec<String>,
    /// Write text cells exactly as they are, also those a spreadsheet would run as a formula
    #[arg(long)]
    pub(crate) raw: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus segment customers.csv\n  tribus segment customers.csv --value total_spend --k 3-6 -o segments\n  tribus segment ifood_df.csv --recipe ifood\n  tribus segment january.csv february.csv --on age --on 'spend_*' --keep all\n  zcat customers.csv.gz | tribus segment - --json"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Segment {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) clustering: Clustering,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Folder to write (default: the input's name with `-segments`, in the current folder)
    #[arg(long, short, value_name = "DIR", help_heading = OUTPUT)]
    pub(crate) output: Option<PathBuf>,
    /// Format of the table of customers
    #[arg(long, value_name = "FORMAT", help_heading = OUTPUT)]
    pub(crate) format: Option<CustomersFormat>,
    #[command(flatten)]
    pub(crate) customers: CustomerTable,
    /// Write workbook.xlsx (default: up to 100,000 rows)
    #[arg(long, overrides_with = "no_xlsx", help_heading = OUTPUT)]
    pub(crate) xlsx: bool,
    /// Do not write workbook.xlsx
    #[arg(long, overrides_with = "xlsx", help_heading = OUTPUT)]
    pub(crate) no_xlsx: bool,
    #[command(flatten)]
    pub(crate) pictures: Pictures,
    /// Replace a folder that tribus did not write, or that was edited
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) force: bool,
    /// Open the report when it is done
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) open: bool,
    #[command(flatten)]
    pub(crate) checks: Checks,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

/// The report in other formats than HTML.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Pictures {
    /// Write report.pdf, the report on A4 pages
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) pdf: bool,
    /// Write every chart as charts/NAME.png, too
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) png: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus assign customers-segments new.csv > assigned.csv\n  tribus assign customers-segments new.csv -o assigned.parquet\n  tribus assign customers-segments/segmentation.json - < new.csv | head\n\nWhat changed in the data since the segments were made is told beside it, and is `drift` under --json (see docs/drift.md)."
)]
pub(crate) struct Assign {
    /// Folder that `tribus segment` wrote, or its segmentation.json
    #[arg(value_name = "DIR|SEGMENTATION.json")]
    pub(crate) segmentation: PathBuf,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) table: TableFile,
    /// Day that days since count to, and ages from a date of birth (default: the later of the segments' own and the latest date in
    /// the rows)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// Let several rows have the same id
    #[arg(long)]
    pub(crate) allow_duplicates: bool,
    /// An input without rows, or an empty file, gives a table without rows instead of an error
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Write no FILE.lineage.json beside the file: what it was made of (digests of model, recipe, input and output, the day, the
    /// version)
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) no_lineage: bool,
    #[command(flatten)]
    pub(crate) checks: Checks,
    #[command(flatten)]
    pub(crate) customers: CustomerTable,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

/// Whom a list is for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Who is in the list")]
pub(crate) struct Whom {
    /// Segment or group, by its name or its number; repeat it for several
    #[arg(long, value_name = "NAME|N", required = true)]
    pub(crate) segment: Vec<String>,
    /// Only customers for whom this is true, such as "country = 'DE' AND orders > 2"
    #[arg(long = "where", value_name = "EXPR")]
    pub(crate) condition: Option<String>,
    /// At most so many customers, the most typical of their segment first
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<NonZeroUsize>,
    /// Share of the customers to leave alone, such as 10%; they are written beside the list, as NAME.holdout.csv
    #[arg(long, value_name = "SHARE")]
    pub(crate) holdout: Option<Share>,
    /// Another number holds out other customers
    #[arg(long, value_name = "N", default_value_t = 0, requires = "holdout")]
    pub(crate) holdout_seed: u64,
    /// Column that says yes for those who may be written to (default: found by its name and its cells)
    #[arg(long, value_name = "COL")]
    pub(crate) consent: Option<String>,
    /// Write to everybody, whatever the columns say of consent
    #[arg(long, conflicts_with = "consent")]
    pub(crate) no_consent_check: bool,
}

/// How a list is written.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct ListFile {
    /// Columns to write, separated by commas (default: id, segment, segment_name, e-mail, telephone and names)
    #[arg(long, value_name = "COL,COL")]
    pub(crate) columns: Vec<String>,
    /// Platform that the list is uploaded to: its headers, its cells normalized and hashed with SHA-256
    #[arg(long = "for", value_name = "NAME")]
    pub(crate) platform: Option<AdPlatform>,
    /// Country of telephone numbers and addresses where no column says it, such as DE
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Option<Country>,
    #[command(flatten)]
    pub(crate) table: TableFile,
    /// Write text cells exactly as they are, also those a spreadsheet would run as a formula
    #[arg(long)]
    pub(crate) raw: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus audience customers-segments customers.csv --segment \"Loyal families\" -o list.csv\n  tribus audience customers-segments customers.csv --segment 1 --segment 3 --holdout 10% -o list.csv\n  tribus audience customers-segments customers.csv --segment 1 --for google --country DE -o google.csv\n  tribus audience customers-segments customers.csv --segment 2 --limit 500 --columns email,first_name -o top.csv\n\nOnly customers whose consent column says yes are written; see docs/audience.md."
)]
pub(crate) struct Audience {
    /// Folder that `tribus segment` wrote, or its segmentation.json
    #[arg(value_name = "DIR|SEGMENTATION.json")]
    pub(crate) segmentation: PathBuf,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) whom: Whom,
    #[command(flatten)]
    pub(crate) list: ListFile,
    /// Day that days since count to (default: the later of the segments' own and the latest date in the rows)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// Let several rows have the same id
    #[arg(long)]
    pub(crate) allow_duplicates: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tribus audience customers-segments customers.csv --segment 1 --holdout 10% -o list.csv\n  tribus evaluate-campaign customers-segments after.csv --holdout list.holdout.csv --outcome bought"
)]
pub(crate) struct EvaluateCampaign {
    /// Folder that `tribus segment` wrote, or its segmentation.json
    #[arg(value_name = "DIR|SEGMENTATION.json")]
    pub(crate) segmentation: PathBuf,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Customers who were left alone, as `tribus audience --holdout` wrote them
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) holdout: PathBuf,
    /// The list itself, with the customers' ids (default: the file that the holdout stands beside)
    #[arg(long, value_name = "FILE")]
    pub(crate) list: Option<PathBuf>,
    /// Column of the input that the campaign was to change: 0 and 1, or an amount
    #[arg(long, value_name = "COL", required = true)]
    pub(crate) outcome: String,
    /// What contacting one customer costs
    #[arg(long, value_name = "AMOUNT", requires = "revenue")]
    pub(crate) cost: Option<f64>,
    /// What one response brings; of an amount, what one unit of it brings
    #[arg(long, value_name = "AMOUNT", requires = "cost")]
    pub(crate) revenue: Option<f64>,
    /// Day that days since count to (default: the later of the segments' own and the latest date in the rows)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// Let several rows have the same id
    #[arg(long)]
    pub(crate) allow_duplicates: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus prepare marketing_campaign.csv --recipe marketing-campaign -o clean.csv\n  tribus prepare customers.csv -o clean.parquet"
)]
pub(crate) struct Prepare {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) clustering: Clustering,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) table: TableFile,
    /// Write text cells exactly as they are, also those a spreadsheet would run as a formula
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) raw: bool,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus rollup orders.csv -o customers.parquet\n  tribus rollup may.csv june.csv --as-of 2024-06-30 -o customers.csv\n\nWhich column plays which part is found; a recipe says it: [purchases] customer = \"...\" (see docs/purchases.md)."
)]
pub(crate) struct Rollup {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Recipe: a TOML file, or the name of a built-in one (see `tribus recipe list`)
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) recipe: Option<String>,
    /// The day that counts as today (default: the latest date in the data)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) table: TableFile,
    /// Write text cells exactly as they are, also those a spreadsheet would run as a formula
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) raw: bool,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus inspect customers.csv\n  tribus inspect customers.csv --json"
)]
pub(crate) struct Inspect {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) clustering: Clustering,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus evidence customers.csv\n  tribus evidence customers.csv --k 2-20 -v        all criteria, to 20 segments\n  tribus evidence customers.csv --on income --on score --json"
)]
pub(crate) struct Evidence {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) clustering: Clustering,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus evaluate customers.csv --labels tier\n  tribus evaluate customers.csv --labels tier --k 5 --json"
)]
pub(crate) struct Evaluate {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Column with the label of each customer; it is not clustered on
    #[arg(long, value_name = "COL", required = true)]
    pub(crate) labels: String,
    #[command(flatten)]
    pub(crate) clustering: Clustering,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus explain customers-segments                        every segment: names, differences, rules, actions\n  tribus explain customers-segments C-1042 customers.csv   why this customer is in their segment"
)]
pub(crate) struct Explain {
    /// Folder that `tribus segment` wrote, or its segmentation.json
    #[arg(value_name = "DIR|SEGMENTATION.json")]
    pub(crate) segmentation: PathBuf,
    /// Id of the customer; the number of the row where the table has no id
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Files in which the customer is (a segmentation holds no customers)
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// The engine that a segmentation is written for.
#[derive(Debug, Args)]
pub(crate) struct Engine {
    /// The engine: duckdb, postgres, sqlite, spark (Databricks and Sail, too), bigquery, snowflake, clickhouse or ansi
    #[arg(long, value_name = "NAME", default_value = "duckdb")]
    pub(crate) dialect: Dialect,
    /// The table that holds the customers (default: customers) or their purchases (orders), as TABLE, SCHEMA.TABLE or
    /// DATABASE.SCHEMA.TABLE
    ///
    /// Upper and lower case matter, as in the names of its columns. A part that holds a point is put in double quotes.
    #[arg(long, value_name = "TABLE", value_parser = table)]
    pub(crate) table: Option<String>,
    /// The table holds customers that were rolled up before
    #[arg(long)]
    pub(crate) rolled_up: bool,
    /// The column that names the customer (default: that of the segmentation)
    #[arg(long, value_name = "COL", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) id: Option<String>,
    /// The day that days since count to (default: found by the statement, the latest date in the rows)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus sql customers-segments --dialect postgres --table shop.customers\n  tribus sql customers-segments | duckdb shop.duckdb\n  tribus sql customers-segments --dialect bigquery --id customer_id --as-of 2026-06-30 -o segments.sql"
)]
pub(crate) struct Sql {
    /// Folder that `tribus segment` wrote, or its segmentation.json
    #[arg(value_name = "DIR|SEGMENTATION.json")]
    pub(crate) segmentation: PathBuf,
    #[command(flatten)]
    pub(crate) engine: Engine,
    /// Print the roll-up of purchases to customers alone
    #[arg(long, conflicts_with = "rolled_up")]
    pub(crate) rollup: bool,
    /// File to write, `-` for standard output (the default)
    #[arg(long, short, value_name = "FILE|-", help_heading = OUTPUT)]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tribus dbt customers-segments --dialect snowflake --table RAW.SHOP.CUSTOMERS -o segments-dbt\n  cd segments-dbt && dbt build"
)]
pub(crate) struct Dbt {
    /// Folder that `tribus segment` wrote, or its segmentation.json
    #[arg(value_name = "DIR|SEGMENTATION.json")]
    pub(crate) segmentation: PathBuf,
    #[command(flatten)]
    pub(crate) engine: Engine,
    /// Folder to write
    #[arg(long, short, value_name = "DIR", help_heading = OUTPUT)]
    pub(crate) output: PathBuf,
    /// Replace files that are there and differ
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus report customers-segments --open\n  tribus report customers-segments --k 4                  all but customers.csv, which needs the input\n  tribus report customers-segments customers.csv --k 4    customers.csv, too\n  tribus report customers-segments --pdf --png --title \"Spring 2026\" --language de"
)]
pub(crate) struct Report {
    /// Folder that `tribus segment` wrote
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The input, to write customers.csv again, too
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Switch everything to another number of segments that was tried
    #[arg(long, value_name = "N")]
    pub(crate) k: Option<NonZeroUsize>,
    /// What the report is called
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Column of numbers that says what a customer is worth
    #[arg(long, value_name = "COL")]
    pub(crate) value: Option<String>,
    /// How numbers and dates are written; the words stay English
    #[arg(long, value_name = "CODE", value_parser = language)]
    pub(crate) language: Option<Language>,
    #[command(flatten)]
    pub(crate) pictures: Pictures,
    /// Open the report when it is done
    #[arg(long)]
    pub(crate) open: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus verify customers-segments customers.csv\n  tribus verify customers-segments customers.csv --json\n\nExit codes: 0 identical; 4 something differs. Names that you gave, title, language and a value switched to are not compared; of a\nnumber of segments switched to, the segments of that number are."
)]
pub(crate) struct Verify {
    /// Folder that `tribus segment` wrote, or its segmentation.json
    #[arg(value_name = "DIR|SEGMENTATION.json")]
    pub(crate) segmentation: PathBuf,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tribus rename customers-segments 1 \"Wine lovers\"")]
pub(crate) struct Rename {
    /// Folder that `tribus segment` wrote
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Number of the segment, from 1
    #[arg(value_name = "N")]
    pub(crate) segment: NonZeroUsize,
    /// Its name
    #[arg(value_name = "NAME")]
    pub(crate) called: String,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tribus forget C-1042 customers-segments spring-segments\n\nThe lines of the customer are removed; what counts all customers together must be made again. See docs/privacy.md."
)]
pub(crate) struct Forget {
    /// Id of the customer; the number of the row where the table has no id
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Folders that `tribus segment` wrote
    #[arg(value_name = "DIR", required = true)]
    pub(crate) folders: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus demo\n  tribus demo --purchases                 from orders to segments\n  tribus demo --data > customers.tsv      the sample file itself"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct Demo {
    /// Folder to write
    #[arg(long, short, value_name = "DIR", default_value = "tribus-demo")]
    pub(crate) output: PathBuf,
    /// Two years of orders of a made-up shop instead, rolled up to customers first
    #[arg(long)]
    pub(crate) purchases: bool,
    /// Print the sample instead of segmenting it (customers are separated by tabs, orders by commas)
    #[arg(long, conflicts_with_all = ["output", "force", "open"])]
    pub(crate) data: bool,
    #[command(flatten)]
    pub(crate) pictures: Pictures,
    /// Replace a folder that tribus did not write, or that was edited
    #[arg(long)]
    pub(crate) force: bool,
    /// Open the report when it is done
    #[arg(long)]
    pub(crate) open: bool,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RecipeCommand {
    /// List the built-in recipes
    List,
    /// Print a built-in recipe, or check and print a file
    Show {
        /// Name of a built-in recipe, a TOML file, or `playbook` for the default playbook
        #[arg(value_name = "NAME|FILE")]
        recipe: String,
    },
    /// Write the complete recipe that would be used for a file, to be changed
    Init(Box<Init>),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tribus recipe init customers.csv -o customers.toml\n  tribus segment customers.csv --recipe customers.toml"
)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) clustering: Clustering,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// File to write, `-` for standard output (the default)
    #[arg(long, short, value_name = "FILE|-", help_heading = OUTPUT)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tribus completions bash > ~/.local/share/bash-completion/completions/tribus\n  tribus completions zsh > ~/.zfunc/_tribus"
)]
pub(crate) struct Completions {
    /// Shell
    pub(crate) shell: clap_complete::Shell,
}

/// Formats of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated text
    Csv,
    /// Apache Parquet
    Parquet,
    /// Excel workbook
    Xlsx,
}

/// Platforms that a list can be written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AdPlatform {
    /// Google Ads, Customer Match
    Google,
    /// Meta, customer list
    Meta,
}

/// Formats of the customers in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CustomersFormat {
    /// Comma-separated text
    Csv,
    /// Apache Parquet
    Parquet,
}

/// Orders of dates, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// Year, month, day
    Ymd,
    /// Day, month, year
    Dmy,
    /// Month, day, year
    Mdy,
}

impl From<Order> for DateOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Ymd => Self::Ymd,
            Order::Dmy => Self::Dmy,
            Order::Mdy => Self::Mdy,
        }
    }
}

fn delimiter(text: &str) -> Result<char, String> {
    let mut characters = text.chars();
    match (text, characters.next(), characters.next()) {
        ("tab" | "\\t", ..) => Ok('\t'),
        (_, Some(delimiter), None) if delimiter.is_ascii() => Ok(delimiter),
        _ => Err("it is one ASCII character, or tab".to_owned()),
    }
}

fn decimal(text: &str) -> Result<char, String> {
    match text {
        "." | "point" => Ok('.'),
        "," | "comma" => Ok(','),
        _ => Err("it is . or ,".to_owned()),
    }
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "it is a date such as 2014-06-29".to_owned())
}

fn table(name: &str) -> Result<String, String> {
    let is_odd = name.matches('"').count() % 2 == 1 || name.split('.').any(str::is_empty);
    let is_long = !name.contains('"') && name.split('.').count() > 3;
    if is_odd || is_long || name.chars().any(char::is_control) {
        return Err("it is TABLE, SCHEMA.TABLE or DATABASE.SCHEMA.TABLE".to_owned());
    }
    Ok(name.to_owned())
}

fn language(code: &str) -> Result<Language, String> {
    let known = Language::ALL;
    known
        .into_iter()
        .find(|language| language.code() == code.to_lowercase())
        .ok_or_else(|| {
            let codes: Vec<&str> = known.iter().map(|language| language.code()).collect();
            format!("one of {}", codes.join(", "))
        })
}
