# Reference numbers for the gap statistic, bootstrap cluster stability,
# prediction strength and Hartigans' dip.
#
# Usage:
#   Rscript make_reference.R IFOOD.csv MADE.csv OUT.json [PART,PART,...]
#
# IFOOD.csv  the iFood customer table; eight of its columns are used.
# MADE.csv   a small made table, already standardized; it is written by the
#            formula in made_table() when the file does not exist.
# OUT.json   the results. Existing entries of parts that are not asked for
#            are kept.
# PART       any of gap_ifood, gap_made, boot_ifood, boot_made, ps_ifood,
#            ps_made, dip (default: all of them).
#
# Every random part starts from set.seed(1). Needs: cluster, fpc, diptest,
# jsonlite.

suppressPackageStartupMessages({
  library(cluster)
  library(fpc)
  library(diptest)
  library(jsonlite)
})

args <- commandArgs(trailingOnly = TRUE)
if (length(args) < 3) stop("usage: make_reference.R IFOOD.csv MADE.csv OUT.json [PARTS]")
ifood_path <- args[1]
made_path <- args[2]
out_path <- args[3]
all_parts <- c("gap_ifood", "gap_made", "boot_ifood", "boot_made",
               "ps_ifood", "ps_made", "dip")
parts <- if (length(args) >= 4) strsplit(args[4], ",")[[1]] else all_parts
stopifnot(all(parts %in% all_parts))

seed <- 1
gap_B <- 200
boot_B <- 200
ps_M <- 50
ps_runs <- 10

# Standardize with the population standard deviation (divide by n).
standardize <- function(x) {
  centred <- sweep(x, 2, colMeans(x))
  sweep(centred, 2, sqrt(colMeans(centred^2)), "/")
}

# Three tight groups (70, 60, 50 rows) and one diffuse group (60 rows) in four
# columns. Noise: the Lehmer generator s <- 16807 s mod (2^31 - 1), s0 = 12345;
# each value is the sum of 12 successive s / (2^31 - 1) minus 6 (close to
# normal, variance 1). All integers stay below 2^53, so every language gets the
# same. Values are rounded to 3 digits, then standardized.
made_table <- function() {
  m <- 2147483647
  s <- 12345
  noise <- function() {
    total <- 0
    for (i in 1:12) {
      s <<- (16807 * s) %% m
      total <- total + s / m
    }
    total - 6
  }
  sizes <- c(70, 60, 50, 60)
  centres <- rbind(c(0, 0, 0, 0), c(10, 2, 0, 4), c(3, 9, 8, 0), c(4, 4, 4, 10))
  spreads <- c(1, 1, 1, 3)
  rows <- list()
  for (g in 1:4) for (i in seq_len(sizes[g])) {
    rows[[length(rows) + 1]] <-
      sapply(1:4, function(j) centres[g, j] + spreads[g] * noise())
  }
  x <- round(do.call(rbind, rows), 3)
  colnames(x) <- paste0("x", 1:4)
  standardize(x)
}

# The shortest text with at least 15 digits that reads back as the same number.
full_digits <- function(v) {
  out <- sprintf("%.15g", v)
  for (digits in 16:17) {
    differs <- as.numeric(out) != v
    out[differs] <- sprintf(paste0("%.", digits, "g"), v[differs])
  }
  out
}

if (!file.exists(made_path)) {
  x <- made_table()
  text <- matrix(full_digits(x), nrow(x), dimnames = dimnames(x))
  write.csv(text, made_path, row.names = FALSE, quote = FALSE)
}

ifood_columns <- c("Income", "Age", "MntWines", "MntFruits", "MntMeatProducts",
                   "MntFishProducts", "MntSweetProducts", "MntGoldProds")
ifood <- standardize(as.matrix(read.csv(ifood_path)[ifood_columns]))
made <- as.matrix(read.csv(made_path))
stopifnot(!anyNA(ifood), !anyNA(made))

# Run an expression, counting its warnings by text.
counting_warnings <- function(expr) {
  seen <- character(0)
  value <- withCallingHandlers(expr, warning = function(w) {
    seen <<- c(seen, conditionMessage(w))
    invokeRestart("muffleWarning")
  })
  list(value = value, warnings = as.list(table(seen)))
}

gap_part <- function(x, K.max) {
  set.seed(seed)
  run <- counting_warnings(
    clusGap(x, FUNcluster = kmeans, nstart = 25, iter.max = 100, K.max = K.max,
            B = gap_B, d.power = 2, spaceH0 = "scaledPCA", verbose = FALSE))
  tab <- run$value$Tab
  # The box of the reference: ranges of the centred data on its principal axes
  # (axis signs are arbitrary, widths are not).
  centred <- scale(x, center = TRUE, scale = FALSE)
  ranges <- apply(centred %*% svd(centred, nu = 0)$v, 2, range)
  # The lowest within sum of squares of 500 more starts, to see whether the 25
  # starts found it.
  set.seed(seed)
  best <- counting_warnings(sapply(seq_len(K.max), function(k)
    kmeans(x, k, nstart = 500, iter.max = 100)$tot.withinss))
  methods <- c("firstSEmax", "Tibs2001SEmax", "globalSEmax", "firstmax", "globalmax")
  list(
    call = sprintf(paste("clusGap(x, FUNcluster = kmeans, nstart = 25, iter.max = 100,",
                         "K.max = %d, B = %d, d.power = 2, spaceH0 = \"scaledPCA\")"),
                   K.max, gap_B),
    seed = seed,
    k = seq_len(K.max),
    logW = tab[, "logW"],
    E.logW = tab[, "E.logW"],
    gap = tab[, "gap"],
    SE.sim = tab[, "SE.sim"],
    sd_of_one_reference = tab[, "SE.sim"] / sqrt(1 + 1 / gap_B),
    k_by_maxSE = sapply(methods, function(m)
      maxSE(tab[, "gap"], tab[, "SE.sim"], method = m, SE.factor = 1), simplify = FALSE),
    tot_withinss_500_starts = best$value,
    logW_500_starts = log(best$value / 2),
    pca_axis_widths = ranges[2, ] - ranges[1, ],
    warnings = run$warnings)
}

boot_part <- function(x, k_range) {
  results <- lapply(k_range, function(k) {
    run <- counting_warnings(
      clusterboot(x, B = boot_B, bootmethod = "boot", clustermethod = kmeansCBI,
                  krange = k, runs = 25, count = FALSE, seed = seed))
    cb <- run$value
    sizes <- as.integer(table(cb$partition))
    centroids <- t(sapply(1:k, function(j) colMeans(x[cb$partition == j, , drop = FALSE])))
    ord <- order(-sizes, centroids[, 1])
    list(
      k = k,
      tot_withinss = cb$result$result$tot.withinss,
      size = sizes[ord],
      centroid = unname(centroids[ord, , drop = FALSE]),
      bootmean = cb$bootmean[ord],
      bootsd = apply(cb$bootresult, 1, sd)[ord],
      bootbrd = cb$bootbrd[ord],
      bootrecover = cb$bootrecover[ord],
      warnings = run$warnings)
  })
  list(
    call = sprintf(paste("clusterboot(x, B = %d, bootmethod = \"boot\",",
                         "clustermethod = kmeansCBI, krange = k, runs = 25,",
                         "count = FALSE, seed = %d)"), boot_B, seed),
    defaults = list(multipleboot = FALSE, bscompare = TRUE, dissolution = 0.5,
                    recover = 0.75, iter.max = 100),
    order = "clusters by falling size, then by rising first centroid coordinate",
    by_k = results)
}

ps_part <- function(x, Gmax) {
  set.seed(seed)
  run <- counting_warnings(
    prediction.strength(x, Gmin = 2, Gmax = Gmax, M = ps_M,
                        clustermethod = kmeansCBI, runs = ps_runs, count = FALSE))
  ps <- run$value
  list(
    call = sprintf(paste("prediction.strength(x, Gmin = 2, Gmax = %d, M = %d,",
                         "clustermethod = kmeansCBI, runs = %d, count = FALSE)"),
                   Gmax, ps_M, ps_runs),
    defaults = list(classification = "centroid", cutoff = 0.8, iter.max = 100),
    seed = seed,
    k = seq_len(Gmax),
    mean.pred = ps$mean.pred,
    sd_of_one_split = c(0, sapply(2:Gmax, function(k) sd(ps$predcorr[[k]]))),
    optimalk = ps$optimalk,
    warnings = run$warnings)
}

dip_part <- function() {
  data(statfaculty, package = "diptest", envir = environment())
  vectors <- list(
    faithful_eruptions = faithful$eruptions,
    faithful_waiting = faithful$waiting,
    precip = as.numeric(precip),
    rivers = as.numeric(rivers),
    statfaculty = as.numeric(statfaculty),
    one_to_five = c(1, 2, 3, 4, 5),
    two_points = c(1, 1, 1, 5, 5, 5),
    two_points_uneven = c(0, 0, 0, 0, 0, 0, 1, 1),
    all_equal = rep(2, 6),
    single = 7)
  lapply(vectors, function(v) {
    v <- sort(v)
    test <- dip.test(v)
    list(n = length(v), dip = unname(test$statistic), p_value = unname(test$p.value),
         sorted = I(v))
  })
}

result <- list()
if (file.exists(out_path)) result <- fromJSON(out_path, simplifyVector = FALSE)
result$versions <- list(
  R = as.character(getRversion()),
  cluster = as.character(packageVersion("cluster")),
  fpc = as.character(packageVersion("fpc")),
  diptest = as.character(packageVersion("diptest")),
  rng = paste(RNGkind(), collapse = ", "),
  kmeans = "stats::kmeans, algorithm Hartigan-Wong")
result$data <- list(
  ifood = list(columns = ifood_columns, n = nrow(ifood),
               scaling = "mean 0, population standard deviation 1 (divide by n)"),
  made = list(columns = colnames(made), n = nrow(made),
              scaling = "already standardized the same way; used as read"))

tasks <- list(
  gap_ifood = function() gap_part(ifood, 8),
  gap_made = function() gap_part(made, 7),
  boot_ifood = function() boot_part(ifood, 2:6),
  boot_made = function() boot_part(made, 2:5),
  ps_ifood = function() ps_part(ifood, 8),
  ps_made = function() ps_part(made, 7),
  dip = dip_part)
for (part in parts) {
  cat(part, "... ")
  seconds <- system.time(result[[part]] <- tasks[[part]]())[["elapsed"]]
  cat(sprintf("%.0f s\n", seconds))
}
result <- result[c("versions", "data", intersect(all_parts, names(result)))]
writeLines(toJSON(result, auto_unbox = TRUE, digits = NA, pretty = TRUE), out_path)
