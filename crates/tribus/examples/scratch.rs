//! scratch
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let recipe = args
        .get(1)
        .filter(|r| *r != "-")
        .map(|r| tribus::recipe::Recipe::open(r).unwrap())
        .unwrap_or_default();
    let t0 = std::time::Instant::now();
    let table = match tribus::source::read(
        &[tribus::source::Input::Path(args[0].clone().into())],
        &recipe.read_options().unwrap(),
    ) {
        Ok(t) => t,
        Err(e) => {
            println!("READ ERROR {e} / {:?}", e.hint());
            return;
        }
    };
    let t1 = t0.elapsed();
    match tribus::plan::Plan::make(&recipe, &table) {
        Ok(plan) => println!("{}", tribus::inspect::text(&table, &plan)),
        Err(e) => {
            println!("PLAN ERROR {e} / {:?}", e.hint());
            return;
        }
    }
    let t2 = t0.elapsed();
    match tribus::segmentation::Segmentation::make(&recipe, &table, &|_, _, _| {}) {
        Ok(s) => {
            println!(
                "{} read {t1:?} plan {t2:?} all {:?}",
                s.evidence.choice.why,
                t0.elapsed()
            );
            for c in &s.evidence.candidates {
                println!(
                    "k {} inertia {:.6} sil {:.4} stab {:?} sizes {:?}",
                    c.k,
                    c.inertia,
                    c.silhouette.map_or(0.0, |s| s.mean),
                    c.stability,
                    c.sizes
                );
            }
            for (p, g) in s.profiles.segments.iter().zip(&s.summary.segments) {
                println!(
                    "{} {} | {} {:.0}% value {:?} | {} | {:?}",
                    p.segment,
                    p.name,
                    g.size,
                    100.0 * g.share,
                    g.value_share.map(|v| (v * 100.0).round()),
                    p.advice,
                    p.differences
                        .iter()
                        .take(3)
                        .map(|d| d.words.clone())
                        .collect::<Vec<_>>()
                );
            }
            println!("{:#?}", s.profiles.insights);
            println!("{:?}\n{:?}", s.ledger, s.notes);
            println!("json {} bytes", s.to_json().len());
        }
        Err(e) => println!("MAKE ERROR {e} / {:?}", e.hint()),
    }
}
