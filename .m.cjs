const t=performance.now(); require(process.argv[2]); console.log(process.argv[2],(performance.now()-t).toFixed(1));
