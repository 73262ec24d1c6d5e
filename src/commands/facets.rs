//! `--facet` and `--by`: names to fields.

use anyhow::{Result, bail};
use imr::field::{self, Field};

/// Every facet.
const ALL: &str = "all";

/// The facets to count, and the two fields of a cross table.
type Asked = (Vec<&'static Field>, Option<[&'static Field; 2]>);

/// The fields that `--facet` and `--by` name, each once.
pub fn asked(names: &[String], by: Option<&str>) -> Result<Asked> {
    if let Some(by) = by {
        let [name] = names else { bail!("--by takes exactly one --facet, whose values are the rows; {} are given", names.len()) };
        if name == ALL {
            bail!("--by takes one field as --facet, not all of them");
        }
        if by.contains(',') {
            bail!("--by takes one field, and `{by}` is several");
        }
        let (rows, columns) = (facet(name)?, facet(by)?);
        if rows == columns {
            bail!("--facet and --by are both `{}`; a cross table takes two fields", rows.name);
        }
        return Ok((Vec::new(), Some([rows, columns])));
    }
    let mut fields = Vec::new();
    for name in names {
        let named = if name == ALL { field::facets().collect() } else { vec![facet(name)?] };
        for field in named {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
    }
    Ok((fields, None))
}

fn facet(name: &str) -> Result<&'static Field> {
    if name.contains(',') {
        let each = name.split(',').map(|one| format!("--facet {}", one.trim())).collect::<Vec<_>>();
        bail!("`{name}` is several names; give one with each --facet: {}", each.join(" "));
    }
    let names = || field::facets().map(|f| f.name).collect::<Vec<_>>().join(", ");
    match field::find(name) {
        Some(field) if field.facet => Ok(field),
        Some(field) => {
            let meant = banded(field).map(|facet| format!(", did you mean `{facet}`?")).unwrap_or_else(|| ";".into());
            bail!("the values of `{}` are not counted{meant} facets: {}", field.name, names())
        }
        None => {
            let near = field::nearest(name).and_then(field::find).filter(|field| field.facet);
            let meant = near.map(|field| format!(", did you mean `{}`?", field.name)).unwrap_or_else(|| ";".into());
            bail!("no facet `{name}`{meant} facets: {}", names())
        }
    }
}

/// The facet by which the values of a field that has too many are counted.
fn banded(field: &Field) -> Option<&'static str> {
    match field.name {
        "age" => Some("age-band"),
        field::DECIDED => Some("year"),
        _ => None,
    }
}
